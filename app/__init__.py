"""邻办 LinBan: a town's government services on a phone."""
