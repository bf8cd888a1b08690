"""The look: sheets, sprite, frame and components."""
