# Por qué no se acepta una imagen y qué hacer.

picture-fault-too-large = El archivo supera los 2 MB. Guarde la imagen más pequeña.
picture-fault-not-a-picture = Este archivo no es JPEG, PNG, GIF, WebP ni SVG, diga lo que diga su nombre. Elija otro.
picture-fault-damaged = La imagen está dañada o incompleta. Guárdela o descárguela otra vez.
picture-fault-too-many-pixels = La imagen tiene más de 16 millones de píxeles. Redúzcala.
picture-fault-unsupported = El dibujo usa { $name }, que aquí no se dibuja. Expórtelo como PNG y suba ese archivo.
picture-fault-too-complex = El dibujo es demasiado complejo. Expórtelo como PNG y suba ese archivo.
picture-fault-blank = No se ve nada del dibujo. Revise el archivo o expórtelo como PNG.
