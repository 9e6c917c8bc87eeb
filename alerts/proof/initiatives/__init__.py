"""The outer loop: causes mended for everybody, what the score did, and telling those who raised them."""
