"""Write oscar's tables and as many products as our seed has; prints the address of the first."""

import os

import django
from django.core.management import call_command

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "tests.bench.oscar.settings")
django.setup()
call_command("migrate", verbosity=0)

from django.contrib.sites.models import Site  # noqa: E402 (Django must be set up first)
from oscar.apps.address.models import Country  # noqa: E402
from oscar.apps.catalogue.categories import create_from_breadcrumbs  # noqa: E402
from oscar.test.factories import create_product  # noqa: E402

Site.objects.update_or_create(id=1, defaults={"domain": "127.0.0.1", "name": "Oscar"})
Country.objects.create(
    iso_3166_1_a2="US", iso_3166_1_a3="USA", printable_name="USA", is_shipping_country=True
)
category = create_from_breadcrumbs("Floor tools")
products = [
    create_product(title=f"Floor tool {number}", price="89.00", num_in_stock=100_000)
    for number in range(4)
]
for product in products:
    product.categories.add(category)
print(products[0].get_absolute_url())
