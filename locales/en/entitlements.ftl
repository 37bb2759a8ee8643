# Entitlements: what may be used.

entitlements-subtitle = What your plans include, and how much of it is used
entitlements-table = Entitlements
entitlements-search = Search entitlements
entitlements-usage = Usage
entitlements-details = Details
entitlements-included = Included
entitlements-amount = { $number } { $unit }
entitlements-used = { $used } of { $limit } used
entitlements-used-of = Usage of { $name }
entitlements-used-unlimited = { $used } used, no limit
entitlements-used-label = Used
entitlements-limit = Limit
entitlements-unlimited = No limit
entitlements-left = Left
entitlements-granted-by = Included in
entitlements-empty-title = No entitlements yet
entitlements-empty-text = Features, quantities and credits that come with your plans will appear here.
entitlements-none-found-title = No entitlements found
