"""What services keep and show: records in rows, pages of them, answers made of them."""
