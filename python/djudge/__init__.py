"""djudge judges a Django project's configuration before it is deployed. It is a program: `djudge check`."""
