"""The text of an act as it stands on any day: instructions applied to the slots of the act they change."""
