# What customers and the staff read where the staff looks into a customer's portal.
staff-banner-label = Staff view
staff-banner-title = { $name } is viewing the portal of { $customer }.
staff-banner-looking = Nothing can be changed.
staff-banner-acting = Changes count as if the customer made them.
staff-banner-until = The view ends by { $time }.
staff-banner-end = End view
staff-visits-title = Views by our staff
staff-visit = Staff
staff-visit-looking = Read-only
staff-visit-acting = Could make changes
staff-visit-from = From { $time }
staff-visit-until = until { $time } at the latest
