# Domains of a brand: what is to be set, what the DNS says, how the certificate stands.

## The record to set
domain-record-hint = Set this CNAME record at the provider of your domain. A TTL of 300 is a good choice.
domain-no-proof = This host needs no proof and gets no certificate.

## What the DNS says
domain-state-unchecked = Not looked at yet
domain-state-unchecked-text = The first look follows within a minute.
domain-state-points = Points here
domain-state-points-text = The CNAME record is right. The portal answers on this domain.
domain-state-not_found = No record found
domain-state-not_found-text = There is no record of this name yet. Add the CNAME record shown here; the DNS may take some minutes to tell of it.
domain-state-address_record = Address record instead of a CNAME
domain-state-address_record-text = The name has an address record ({ $found }). An address proves nothing about whose domain it is, and it breaks when the portal moves. Remove the A and AAAA records and add the CNAME record shown here.
domain-state-other_claim = CNAME without your label
domain-state-other_claim-text = The name leads to { $found }: the right place, but not with the label of this claim. The label proves that the domain is yours. Set the CNAME record to exactly what is shown here.
domain-state-points_elsewhere = CNAME leads elsewhere
domain-state-points_elsewhere-text = The name leads to { $found }. Change the CNAME record to what is shown here.
domain-state-no_answer = The DNS does not answer
domain-state-no_answer-text = The name servers of the domain did not answer. It is tried again by itself.

## The certificate
domain-certificate-none = None
domain-certificate-none-text = A certificate is ordered by itself once the CNAME record is right.
domain-certificate-ordering = Being ordered
domain-certificate-ordering-text = This takes less than a minute as a rule.
domain-certificate-valid = Valid until { $until }
domain-certificate-valid-text = It is renewed by itself well before its end.
domain-certificate-failed = The order failed
domain-certificate-failed-not_pointing = The CNAME record did not lead here when it was looked at again, so nothing was ordered.
domain-certificate-failed-authority = The certificate authority says: { $message }
domain-certificate-next-try = The next try begins at { $time }.
domain-certificate-serves-until = The present certificate serves until { $until }.

## Why a domain cannot be added
domain-fault-host = Enter a name such as billing.example.com: without https://, port and path.
domain-fault-reserved = This name is the portal's own. Use one of your domain, and let it lead here by a CNAME record.
domain-fault-in-use = This domain is in use already.

## The tab of a brand
domains-title = Domains
domains-text = The names that this portal answers on. Each one is proven by a record in its DNS and gets a certificate that is renewed by itself.
domains-only-cname-title = Only a CNAME record works
domains-only-cname = Address records (A, AAAA) and pointing a name straight at this server are refused: an address does not prove whose the name is, and it breaks when the portal moves. A CNAME record cannot stand at the top of a domain, so use a name below it: billing.example.com instead of example.com.
domains-off-title = Proofs and certificates are switched off
domains-off = Names are taken as they are entered, and no certificates are ordered. Whoever runs this installation switches both on by naming in the configuration what CNAME records lead to, and starting it anew:
domains-none = No domains yet
domains-none-text = This portal cannot be opened before it has one.
domains-main = Used in links
domains-answers = Answers
domains-waits = Waits for its proof
domains-dns = DNS
domains-checked = Looked at { $time }.
domains-answers-still = The portal still answers on this domain, but its certificate cannot be renewed before the record is right again.
domains-certificate = Certificate
domains-certificate-elsewhere = This installation orders no certificates; what stands in front of it does.
domains-no-proof-why = It is known on this machine alone, is an address, or was set up on the command line. To prove a public name and get a certificate for it, remove it and add it again.
domains-record-target = Value (target)
domains-copy = Copy the target for { $host }
domains-copied = Copied
domains-check = Check now
domains-add-title = Add a domain
domains-add = Add domain
domains-host = Domain
domains-host-hint = Without https:// and without a path. What to set in the DNS is shown next.
domains-host-hint-off = Without https:// and without a path. The portal answers on it at once.
domains-remove = Remove domain
domains-remove-title = Remove { $host }?
domains-remove-sure = The portal stops answering on { $host } at once, links that lead there break, and its certificate is deleted. To use the name again, a new record has to be set.
domains-remove-sure-waiting = Your claim to { $host } ends. To use the name later, a new record has to be set.
domains-remove-sure-no-proof = The portal stops answering on { $host } at once, and links that lead there break.
notice-domain-added = The domain was added. Now set the record that is shown with it.
notice-domain-answers = The domain was added. The portal answers on it.
notice-domain-removed = The domain was removed.
notice-domain-points = The record is right.
notice-domain-does-not-point = The record is not right yet. What was found is shown with the domain.
