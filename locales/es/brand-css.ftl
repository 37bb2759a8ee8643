# Lo que está mal en la hoja de estilo propia de una marca y cómo corregirlo.

css-fault-at = Línea { $line }, columna { $column }
css-fault-too-large = La hoja de estilo tiene más de 64 KB. Quite lo que el portal no usa.
css-fault-too-deep = Aquí hay bloques anidados a demasiada profundidad. Escriba las reglas interiores por separado.
css-fault-syntax = Esto no es CSS. Busque una llave, un corchete, una comilla o un punto y coma que falte o sobre.
css-fault-import = @import no se puede usar. Copie aquí las reglas de la otra hoja de estilo.
css-fault-at-rule = @{ $name } no se puede usar aquí. Elimínelo.
css-fault-function = { $name }() no se puede usar aquí. Use en su lugar un valor sencillo.
css-fault-property = La propiedad { $name } no se puede usar, porque ejecuta código. Elimínela.
css-fault-address = Esta dirección no es de los archivos propios de la marca (/brand/…) ni de un origen permitido. Suba el archivo o permita su origen.
css-fault-inline-picture = Una imagen dentro de la hoja de estilo tiene que ser PNG, JPEG, GIF o WebP en Base64, de 16 KB como máximo. Súbala mejor como archivo.
css-fault-position = Use static, relative, absolute o sticky, escrito tal cual. Lo que es fijo podría tapar los avisos del propio portal.
css-fault-site-font = El tipo de letra del propio portal no se puede sustituir. Dé otro nombre al suyo.
css-fault-z-index = Use un número entero de 100 como máximo, escrito tal cual. Lo que está más arriba podría tapar los avisos del propio portal.
