"""Tests of the judge: it must see what it is for."""
