# Why an uploaded picture is not taken, and what to do.

picture-fault-too-large = The file is larger than 2 MB. Save the picture smaller.
picture-fault-not-a-picture = This file is not a JPEG, PNG, GIF, WebP or SVG, whatever its name says. Choose another one.
picture-fault-damaged = The picture is damaged or cut off. Save or download it again.
picture-fault-too-many-pixels = The picture has more than 16 million pixels. Scale it down.
picture-fault-unsupported = The drawing uses { $name }, which is not drawn here. Export it as PNG and upload that.
picture-fault-too-complex = The drawing is too complex. Export it as PNG and upload that.
picture-fault-blank = Nothing of the drawing can be seen. Check the file, or export it as PNG.
