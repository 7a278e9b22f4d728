"""What every room stands on; imports none of them."""
