"""Text files of every habit come in as the rows that were in them."""

import pytest

from customers.importing.broken import FileRefused
from customers.importing.formats import FileFormat, find_format
from customers.importing.limits import Limits
from customers.importing.reading import open_table, read_sample


@pytest.fixture
def upload(tmp_path):
    def write(content: str | bytes, encoding: str = "utf-8"):
        path = tmp_path / "upload.csv"
        path.write_bytes(content.encode(encoding) if isinstance(content, str) else content)
        return path

    return write


def read(path, **limits):
    return read_sample(path, find_format(path, limits=Limits(**limits)), limits=Limits(**limits))


def cells(path):
    return [row.cells for row in read(path)[1]]


SENTENCE = "name;Kommentar\nJürgen;„Schöne Grüße“ – prima, 5 €\nFrançois;L’été à Noël, cœur\n"


@pytest.mark.parametrize(
    ("encoding", "found"),
    [
        ("utf-8", "utf-8-sig"),
        ("utf-8-sig", "utf-8-sig"),
        ("utf-16", "utf-16"),
        ("utf-16-le", "utf-16-le"),
        ("utf-16-be", "utf-16-be"),
        ("utf-32", "utf-32"),
        ("cp1252", "cp1252"),
    ],
)
def test_encoding_is_found_and_letters_survive(upload, encoding, found):
    path = upload(SENTENCE, encoding)
    file_format = find_format(path)
    assert file_format == FileFormat(kind="csv", encoding=found, separator=";")
    columns, rows = read_sample(path, file_format)
    assert columns == ("name", "Kommentar")
    assert rows[0].cells == ("Jürgen", "„Schöne Grüße“ – prima, 5 €")


@pytest.mark.parametrize(
    ("encoding", "text"),
    [
        ("cp1250", "jméno;text\nŁukasz;Zażółć gęślą jaźń, obsługa była świetna\nŻaneta;Bardzo długo czekałem\n"),
        ("cp1251", "имя;отзыв\nАнна;Очень долго ждала ответа\nИван;Спасибо, быстро помогли\n"),
        ("cp1253", "όνομα;σχόλιο\nΓιώργος;Πολύ καλή εξυπηρέτηση\nΜαρία;Άργησε η παράδοση\n"),
        ("cp1254", "isim;yorum\nŞule;Çok iyi bir hizmet, teşekkür ederim\nIşık;Ürün geç geldi ama çözüldü\n"),
        ("cp1255", "שם;תגובה\nדוד;השירות היה מצוין, תודה רבה\nרחל;המשלוח הגיע באיחור\n"),
        ("cp1256", "الاسم;تعليق\nأحمد;الخدمة كانت ممتازة شكرا\nليلى;تأخر التوصيل كثيرا\n"),
        ("cp932", "名前;コメント\n田中;とても良いサービスでした。\n佐藤;配送が遅かったです。\n"),
        ("cp850", "name;text\nJürgen;Schöne Grüße aus München\nFrançois;très bien, merci à l'équipe\n"),
    ],
)
def test_older_encodings_are_told_by_their_letters(upload, encoding, text):
    path = upload(text, encoding)
    assert find_format(path).encoding == encoding
    assert cells(path)[0] == tuple(text.split("\n")[1].split(";"))


def test_one_late_letter_decides_the_encoding_of_a_long_file(upload):
    path = upload("id,text\n" + "1,plain\n" * 50_000 + "2,Grüße\n", "cp1252")
    with open_table(path, find_format(path)) as table:
        *_, last = table.rows
    assert last.cells == ("2", "Grüße")
    assert last.number == 50_002


def test_bytes_beyond_the_chosen_encoding_name_their_row(upload):
    path = upload("id,text\n1,a\n2,b\n3,\xff\xfe", "latin-1")
    file_format = FileFormat(kind="csv", encoding="utf-8-sig", separator=",")
    with pytest.raises(FileRefused) as refused:
        read_sample(path, file_format)
    assert refused.value.rule == "wrong_encoding"


@pytest.mark.parametrize("separator", [",", ";", "\t", "|"])
def test_separator_is_found(upload, separator):
    rows = [["id", "name", "text"], ["1", "Ana", '"a,b;c|d"'], ["2", "Bob", "e"]]
    path = upload("\n".join(separator.join(row) for row in rows))
    assert find_format(path).separator == separator
    assert cells(path) == [("1", "Ana", "a,b;c|d"), ("2", "Bob", "e")]


def test_decimal_commas_and_commas_in_texts_do_not_look_like_separators(upload):
    path = upload("name;value\nAna;12,5\nBob;7,25\n")
    assert find_format(path).separator == ";"
    path = upload("text;value\nslow, rude, late;1\nfine;2\nwell, all right;3\n")
    assert find_format(path).separator == ";"


def test_separator_line_of_spreadsheet_programs_is_obeyed_and_is_no_row(upload):
    path = upload("sep=|\nname|text\nAna|a;b;c\n")
    columns, rows = read(path)
    assert columns == ("name", "text")
    assert [(row.number, row.cells) for row in rows] == [(3, ("Ana", "a;b;c"))]


def test_one_column_is_a_table_too(upload):
    assert cells(upload("email\na@example.com\nb@example.com\n")) == [("a@example.com",), ("b@example.com",)]


def test_quoted_line_breaks_and_doubled_quotes_stay_in_their_cell(upload):
    path = upload('name,text\r\nAna,"first\r\nsecond, ""third"""\r\nBob,plain\r\n')
    rows = read(path)[1]
    assert rows[0].cells == ("Ana", 'first\r\nsecond, "third"')
    assert [row.number for row in rows] == [2, 3]


def test_line_ends_of_all_systems(upload):
    for end in ("\n", "\r\n", "\r"):
        assert cells(upload(end.join(["a,b", "1,2", "3,4"]))) == [("1", "2"), ("3", "4")]


def test_empty_lines_are_no_rows_but_count_in_the_numbers(upload):
    rows = read(upload("\n\nname,text\n\nAna,a\n,,\nBob,b\n\n \n,\n"))[1]
    assert [(row.number, row.cells) for row in rows] == [(5, ("Ana", "a")), (7, ("Bob", "b"))]


def test_missing_cells_are_empty_and_superfluous_ones_a_problem_of_that_row(upload):
    rows = read(upload("a,b,c\n1\n1,2,3,,\n1,2,3,4\n"))[1]
    assert rows[0].cells == ("1", "", "")
    assert rows[1].problem is None
    assert rows[2].problem.rule == "too_many_cells"
    assert "4 cells" in rows[2].problem.message


def test_empty_and_repeated_names_get_names_of_their_own(upload):
    columns, rows = read(upload("name,,Name,name,\u202ename \n1,2,3,4,5\n"))
    assert columns == ("name", "Column 2", "Name", "name (2)", "name (3)")
    assert rows[0].cells == ("1", "2", "3", "4", "5")


def test_trailing_separators_make_no_columns(upload):
    assert read(upload("a,b,,,\n1,2,,,\n"))[0] == ("a", "b")
    assert read(upload("a,b,,,\n1,2,3,,\n"))[0] == ("a", "b", "Column 3")


def test_file_without_header_keeps_its_first_row(upload):
    path = upload("ana@example.com,Ana,9\nbob@example.com,Bob,3\n")
    assert not find_format(path).has_header
    columns, rows = read(path)
    assert columns == ("Column 1", "Column 2", "Column 3")
    assert [row.number for row in rows] == [1, 2]


def test_header_with_figures_in_its_names_is_a_header(upload):
    assert find_format(upload("Q1,Year 2024,0-10\nx,y,9\nz,y,8\n")).has_header


def test_quote_that_is_never_closed_is_named_with_its_row(upload):
    with pytest.raises(FileRefused) as refused:
        read(upload('a,b\n1,2\n3,"open\n4,5\n'))
    assert (refused.value.rule, refused.value.row) == ("open_quote", 3)
    with pytest.raises(FileRefused) as refused:
        read(upload('a,b\n1,2\n3,"open\n' + "4,5\n" * 100_000))
    assert (refused.value.rule, refused.value.row) == ("open_quote", 3)


def test_zero_bytes_come_through_for_the_values_to_judge(upload):
    assert cells(upload("name,text\nAna,a\x00b\n" + "Bob,plain text\n" * 20))[0] == ("Ana", "a\x00b")


def test_cell_beyond_the_limit_is_a_problem_naming_its_column(upload):
    rows = read(upload("name,text\nAna," + "x" * 101 + "\nBob,y\n"), cell_characters=100)[1]
    assert (rows[0].problem.column, rows[0].problem.rule) == ("text", "cell_too_long")
    assert rows[1].problem is None


def test_limits_of_the_file_are_named(upload):
    with pytest.raises(FileRefused) as refused:
        read(upload("a,b,c\n1,2,3\n"), columns=2)
    assert refused.value.rule == "too_many_columns"
    with pytest.raises(FileRefused) as refused:
        read(upload("a\n1\n2\n3\n"), rows=2)
    assert (refused.value.rule, refused.value.row) == ("too_many_rows", 4)
    with pytest.raises(FileRefused) as refused:
        read(upload("a\n1\n2\n3\n"), file_bytes=4)
    assert refused.value.rule == "file_too_large"
    with pytest.raises(FileRefused) as refused:
        read(upload("a,b\n" + "x" * 500), cell_characters=10, columns=10)
    assert refused.value.rule == "line_too_long"


@pytest.mark.parametrize(
    ("content", "rule", "word"),
    [
        (b"", "empty_file", "empty"),
        (b"\n\n,,\n", "empty_file", "no rows"),
        (b"a,b\n", "no_rows", "no rows below"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 600, "not_a_table", ".xls"),
        (b"%PDF-1.7\n...", "not_a_table", "PDF"),
        (b"\x89PNG\r\n\x1a\n", "not_a_table", "picture"),
        (b"<!DOCTYPE html><table><tr><td>1", "not_a_table", "web page"),
        (b'[{"a": 1, "b": 2}]', "not_a_table", "JSON"),
        (b'{\n "a": 1}', "not_a_table", "JSON"),
        (b"\x00\x01\x02\x00\x00\x07" * 100, "not_a_table", "not a text file"),
    ],
)
def test_what_is_no_table_is_refused_with_the_way_out(upload, content, rule, word):
    with pytest.raises(FileRefused) as refused:
        read(upload(content))
    assert refused.value.rule == rule
    assert word in refused.value.message
