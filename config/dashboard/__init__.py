"""The dashboard as a whole: its menu, what every page knows, its first page, and how people come in. The pages of each app
are in that app's `views`."""
