"""Every list of the back office, beside the least that it must ask the database."""

# ruff: noqa: S608 (the statements hold our own constants)
from tests.books import FIRST

_ORDERS = "SELECT * FROM orders ORDER BY created_at DESC LIMIT 50"
_BUYER = f"buyer-{FIRST + 999}"
_HAS_BUYER = f"lower(email) LIKE '%{_BUYER}%'"
_STOCK = "SELECT * FROM variants JOIN stock ON variant_id = id"
_LEDGER = f"SELECT * FROM stock_movements WHERE variant_id = {FIRST + 1}"
_TAKEN = "SELECT sum(captured_minor) FROM payments WHERE paid_at >="

# By address. {d} is how the statement says the moment so many days ago.
LISTS = {
    "/staff": "SELECT count(*) FROM orders WHERE status = 'paid'",
    "/staff/reports?period=28": f"{_TAKEN} {{56}}",
    "/staff/reports?period=year": f"{_TAKEN} {{730}}",
    "/staff/orders": _ORDERS,
    "/staff/orders?page=1000": f"{_ORDERS} OFFSET 49950",
    "/staff/orders?status=paid": "SELECT * FROM orders WHERE status = 'paid'"
    " ORDER BY created_at DESC LIMIT 50",
    "/staff/orders?money=paid": "SELECT * FROM orders JOIN payments ON order_id = orders.id"
    " WHERE refunded_minor = 0 ORDER BY orders.created_at DESC LIMIT 50",
    f"/staff/orders?q={_BUYER}": f"SELECT * FROM orders WHERE {_HAS_BUYER} LIMIT 50",
    "/staff/orders?sort=email": "SELECT * FROM orders ORDER BY email LIMIT 50",
    f"/staff/orders?product=tool-{FIRST // 10}": "SELECT * FROM order_lines WHERE product_handle"
    f" = 'tool-{FIRST // 10}' LIMIT 50",
    f"/staff/orders/QL-0{FIRST}": f"SELECT * FROM orders WHERE number = 'QL-0{FIRST}'",
    "/staff/drafts": "SELECT * FROM orders WHERE status = 'draft' ORDER BY id DESC LIMIT 50",
    "/staff/returns": "SELECT * FROM returns ORDER BY id DESC LIMIT 50",
    "/staff/money": "SELECT * FROM payments WHERE status = 'held' LIMIT 50",
    "/staff/discounts": "SELECT * FROM discounts LIMIT 50",
    "/staff/inventory": f"{_STOCK} ORDER BY sku LIMIT 50",
    "/staff/inventory?sort=available": f"{_STOCK} ORDER BY on_hand LIMIT 50",
    "/staff/inventory?show=short": f"{_STOCK} WHERE on_hand <= low_at LIMIT 50",
    "/staff/inventory?q=TOOL-10099": f"{_STOCK} WHERE lower(sku) LIKE '%tool-10099%' LIMIT 50",
    "/staff/inventory?location=1": f"{_STOCK} ORDER BY sku LIMIT 50",
    f"/staff/inventory/TOOL-{FIRST + 1}": f"{_LEDGER} ORDER BY id DESC LIMIT 50",
    f"/staff/inventory/TOOL-{FIRST + 1}?kind=sold": f"{_LEDGER} ORDER BY id DESC LIMIT 50",
    "/staff/locations": "SELECT location_id, sum(on_hand) FROM stock_levels GROUP BY location_id",
    "/staff/stock-takes": "SELECT * FROM stock_takes ORDER BY id DESC LIMIT 50",
    f"/staff/stock-takes/{FIRST}": f"SELECT * FROM stock_counts WHERE stock_take_id = {FIRST}",
    "/staff/purchases": "SELECT * FROM purchases ORDER BY id DESC LIMIT 50",
    f"/staff/purchases/new?supplier={FIRST}": f"SELECT * FROM suppliers WHERE id = {FIRST}",
    "/staff/suppliers": "SELECT * FROM suppliers ORDER BY name LIMIT 50",
    "/staff/imports": "SELECT id FROM imports ORDER BY id DESC LIMIT 50",
    "/staff/products": "SELECT * FROM products ORDER BY title LIMIT 50",
    "/staff/products?q=tool 1000": "SELECT * FROM products WHERE lower(title) LIKE"
    " '%tool 1000%' LIMIT 50",
    "/staff/collections": "SELECT * FROM collections LIMIT 50",
    "/staff/pictures": "SELECT * FROM pictures ORDER BY id DESC LIMIT 50",
    "/staff/customers": "SELECT * FROM customers ORDER BY id DESC LIMIT 50",
    "/staff/customers?sort=-spent": "SELECT email, sum(total_minor) FROM orders GROUP BY email"
    " ORDER BY 2 DESC LIMIT 50",
    f"/staff/customers?q={_BUYER}": f"SELECT * FROM customers WHERE {_HAS_BUYER} LIMIT 50",
    "/staff/customers?orders_from=1": "SELECT email, count(*) FROM orders WHERE paid_at IS NOT NULL"
    " GROUP BY email LIMIT 50",
    f"/staff/customers/C-{FIRST}": f"SELECT * FROM customers WHERE id = {FIRST}",
    "/staff/messages": "SELECT * FROM comments WHERE status = 'waiting' ORDER BY created_at"
    " LIMIT 50",
    "/staff/comments": "SELECT * FROM comments WHERE status = 'waiting' ORDER BY created_at"
    " LIMIT 50",
    "/staff/comments?status=published": "SELECT * FROM comments WHERE status = 'published'"
    " ORDER BY created_at LIMIT 50",
    "/staff/questions": "SELECT * FROM questions WHERE answer = '' LIMIT 50",
    "/staff/mails": "SELECT * FROM mails ORDER BY id DESC LIMIT 50",
    "/staff/mails?state=sent": "SELECT * FROM mails WHERE sent_at IS NOT NULL ORDER BY id DESC"
    " LIMIT 50",
    f"/staff/mails?q={_BUYER}": "SELECT * FROM mails WHERE lower(recipient) LIKE"
    f" '%{_BUYER}%' LIMIT 50",
    "/staff/newsletter": "SELECT * FROM subscribers ORDER BY id DESC LIMIT 50",
    "/staff/leads": "SELECT last_content, count(*) FROM orders WHERE created_at >= {28}"
    " GROUP BY last_content",
    "/staff/tasks": "SELECT * FROM tasks ORDER BY created_at DESC LIMIT 50",
    "/staff/audit": "SELECT * FROM audit_entries ORDER BY number DESC LIMIT 50",
    "/staff/audit?q=ship": "SELECT * FROM audit_entries WHERE lower(act) LIKE '%ship%'"
    " ORDER BY number DESC LIMIT 50",
    f"/staff/find?q={_BUYER}": f"SELECT number FROM orders WHERE {_HAS_BUYER} LIMIT 8",
    f"/staff/find?q=QL-0{FIRST}": f"SELECT number FROM orders WHERE number = 'QL-0{FIRST}'",
    "/staff/find/suggestions.json?q=tool": "SELECT sku FROM variants WHERE lower(sku) LIKE"
    " '%tool%' LIMIT 8",
    "/staff/reports/sales.csv?period=year": f"{_TAKEN} {{730}}",
    "/staff/leads.csv": "SELECT last_content, count(*) FROM orders WHERE created_at >= {28}"
    " GROUP BY last_content",
    "/staff/newsletter/subscribers.csv": "SELECT * FROM subscribers",
}
# What is downloaded by a form: its address, and what it sends.
DOWNLOADS = {
    "/staff/exports/shown/inventory": (
        {"query": "show=short"},
        f"{_STOCK} WHERE on_hand <= low_at",
    ),
    "/staff/exports/shown/orders": (
        {"query": "status=paid"},
        "SELECT * FROM orders WHERE status = 'paid' ORDER BY created_at DESC",
    ),
    "/staff/exports/shown/products": ({"query": ""}, "SELECT * FROM products ORDER BY title"),
    "/staff/exports/shown/purchases": ({"query": ""}, "SELECT * FROM purchases ORDER BY id DESC"),
}
