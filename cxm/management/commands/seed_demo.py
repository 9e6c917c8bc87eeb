"""Makes the demo organization, once; a second call changes nothing."""

import json
from pathlib import Path

from django.core.management.base import BaseCommand
from django.utils import timezone

from cxm.demo.seeding import demo_accounts, seed_demo


class Command(BaseCommand):
    help = "Make the demo organization with a year of believable data. Safe to repeat."

    def add_arguments(self, parser):
        parser.add_argument("--accounts-file", type=Path, help="write the sign-ins there, as JSON")

    def handle(self, *, accounts_file: Path | None, **options):
        is_new = seed_demo(at=timezone.now(), tell=self.stdout.write)
        if accounts_file:
            accounts_file.write_text(json.dumps(demo_accounts(), indent=1))
        if not is_new:
            self.stdout.write("The demo organization was there already.")
