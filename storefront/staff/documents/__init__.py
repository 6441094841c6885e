"""Papers of an order: packing slip, pick list, invoice, credit note."""
