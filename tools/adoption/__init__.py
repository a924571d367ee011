"""How releases of a tree that exists become subjects and versions of this one."""
