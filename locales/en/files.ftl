# Files in the control panel: pictures for the portals.

nav-files = Files

notice-file-uploaded = The picture is here. Choose it in the looks of a portal.
notice-file-removed = The picture was removed.

files-subtitle = Pictures for your portals. Each is drawn anew when you upload it, and anybody can see it where a portal shows it.
files-upload-title = Upload a picture
files-upload = Upload
files-file = Picture
files-file-hint = JPEG, PNG, GIF, WebP or SVG, up to 2 MB.
files-kind = What it is for
files-kind-hint = Decides how large it is kept.
files-kind-logo = Logo: shown up to 350 pixels wide
files-kind-icon = Icon of the browser tab: square
files-kind-picture = Background or other picture: up to 1,600 pixels wide
files-picture = Picture “{ $name }”
files-unnamed = Unnamed
files-dimensions = { $width } × { $height } px
files-size = { $size } KB
files-uploaded = Uploaded { $when }
files-used-by = Shown by
files-unused = Not shown anywhere
files-in-draft = in the draft
files-place-logo = Logo
files-place-dark-logo = Logo on dark backgrounds
files-place-favicon = Icon of the browser tab
files-place-style-sheet = Own style sheet
files-remove = Remove
files-remove-title = Remove “{ $name }”?
files-remove-text = The picture is gone for good. An earlier version of a portal’s looks that shows it cannot be brought back then.
files-in-use-title = This picture is in use
files-in-use-text = Choose another picture there, and publish. Then it can be removed.
files-back = Back to the files
files-empty-title = No pictures yet
files-empty-text = Upload a logo to see it in your portal, its mails and its invoices.
files-fault-none = Choose a picture.
files-fault-name = Rename the file: up to 100 characters on one line.
files-fault-too-many = There are { $max } pictures already, or 20 MB of them. Remove some that are not in use.
