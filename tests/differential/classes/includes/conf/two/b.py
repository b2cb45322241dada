T = "b"
INSTALLED_APPS += ["t2"]
