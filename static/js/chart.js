// Pointer and arrow keys walk through a chart; the words stand in the figure's <output>.
// Each bucket is a <rect class="c-hit" data-say="12 March: +42 ±7, n = 318"> inside <svg data-chart tabindex="0">.
(() => {
  const hitsOf = (svg) => [...svg.querySelectorAll("[data-say]")];

  function show(svg, hit) {
    const output = svg.closest("figure").querySelector("output");
    const cursor = svg.querySelector(".chart-cursor");
    if (output) output.textContent = hit ? hit.dataset.say : output.dataset.resting;
    if (!cursor) return;
    cursor.style.visibility = hit ? "visible" : "hidden";
    if (!hit) return;
    const middle = Number(hit.getAttribute("x")) + Number(hit.getAttribute("width")) / 2;
    cursor.setAttribute("x1", middle);
    cursor.setAttribute("x2", middle);
  }

  document.addEventListener("pointerover", (event) => {
    const svg = event.target.closest?.("svg[data-chart]");
    const hit = event.target.closest?.("[data-say]");
    if (svg && hit) { svg.dataset.at = hitsOf(svg).indexOf(hit); show(svg, hit); }
  });

  // Pointing elsewhere ends it: the resting words, the last bucket's, come back.
  document.addEventListener("pointerout", (event) => {
    const svg = event.target.closest?.("svg[data-chart]");
    if (svg && !svg.contains(event.relatedTarget)) show(svg, null);
  });

  document.addEventListener("keydown", (event) => {
    const svg = event.target.closest?.("svg[data-chart]");
    if (!svg) return;
    const hits = hitsOf(svg);
    const ahead = svg.closest("[dir]")?.dir === "rtl" ? "ArrowLeft" : "ArrowRight";
    const steps = { ArrowRight: ahead === "ArrowRight" ? 1 : -1, ArrowLeft: ahead === "ArrowLeft" ? 1 : -1 };
    let at = Number(svg.dataset.at ?? -1);
    if (event.key in steps) at = at < 0 ? hits.length - 1 : Math.min(hits.length - 1, Math.max(0, at + steps[event.key]));
    else if (event.key === "Home") at = 0;
    else if (event.key === "End") at = hits.length - 1;
    else if (event.key === "Escape") { delete svg.dataset.at; return show(svg, null); }
    else return;
    event.preventDefault();
    event.stopPropagation();
    svg.dataset.at = at;
    show(svg, hits[at]);
  });
})();
