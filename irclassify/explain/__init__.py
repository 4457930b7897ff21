"""Why a group is called: the exact sum, regions, measured bands and their assignments."""
