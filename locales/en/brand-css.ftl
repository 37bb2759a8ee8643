# What is wrong with a brand's own style sheet, and how to mend it.

css-fault-at = Line { $line }, column { $column }
css-fault-too-large = The style sheet has more than 64 KB. Leave out what the portal does not use.
css-fault-too-deep = Blocks are nested too deeply here. Write the inner rules on their own.
css-fault-syntax = This is not CSS. Look for a brace, bracket, quote or semicolon too many or too few.
css-fault-import = @import cannot be used. Copy the rules of the other style sheet in here.
css-fault-at-rule = @{ $name } cannot be used here. Remove it.
css-fault-function = { $name }() cannot be used here. Use a plain value instead.
css-fault-property = The property { $name } cannot be used, because it runs code. Remove it.
css-fault-address = This address is not one of the brand's own files (/brand/…), nor on an allowed origin. Upload the file, or allow its origin.
css-fault-inline-picture = A picture inside the style sheet has to be a PNG, JPEG, GIF or WebP in Base64 with at most 16 KB. Upload it as a file instead.
css-fault-position = Use static, relative, absolute or sticky, written out. What is fixed could lie over the portal's own notices.
css-fault-site-font = The portal's own typeface cannot be replaced. Give yours another name.
css-fault-z-index = Use a whole number of at most 100, written out. What lies higher could cover the portal's own notices.
