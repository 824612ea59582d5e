"""From stored rows to what pages, terminals and API answers show. Nothing here writes."""
