# Contracts.

contracts-subtitle = Your agreements and their texts
contracts-table = Contracts
contracts-search = Search by name
contracts-last-day = Last day
contracts-open-ended = Open-ended
contracts-signed-on = Signed on
contracts-signed-by = Signed by
contracts-not-signed = Not signed
contracts-details = Details
contracts-text = Text, revision { $revision }
contracts-text-none = No text
contracts-text-none-text = The text of this contract is not kept here.
contracts-older-revision = You are reading revision { $revision }, which is not the newest one.
contracts-revisions = Revisions
contracts-revision = Revision { $revision }
contracts-revision-added = Added on { $date }
contracts-empty-title = No contracts
contracts-empty-text = Agreements with you will appear here.
contracts-none-found-title = No contracts found
