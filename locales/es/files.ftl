# Archivos en el panel de control: imágenes para los portales.

nav-files = Archivos

notice-file-uploaded = La imagen ya está aquí. Elíjala en el aspecto de un portal.
notice-file-removed = Se ha eliminado la imagen.

files-subtitle = Imágenes para sus portales. Cada una se dibuja de nuevo al subirla, y cualquiera puede verla donde un portal la muestra.
files-upload-title = Subir una imagen
files-upload = Subir
files-file = Imagen
files-file-hint = JPEG, PNG, GIF, WebP o SVG, hasta 2 MB.
files-kind = Para qué es
files-kind-hint = Decide con qué tamaño se guarda.
files-kind-logo = Logotipo: se muestra con un ancho de hasta 350 píxeles
files-kind-icon = Icono de la pestaña del navegador: cuadrado
files-kind-picture = Fondo u otra imagen: hasta 1600 píxeles de ancho
files-picture = Imagen «{ $name }»
files-unnamed = Sin nombre
files-dimensions = { $width } × { $height } px
files-size = { $size } KB
files-uploaded = Subida el { $when }
files-used-by = La muestran
files-unused = No se muestra en ningún sitio
files-in-draft = en el borrador
files-place-logo = Logotipo
files-place-dark-logo = Logotipo sobre fondos oscuros
files-place-favicon = Icono de la pestaña del navegador
files-place-style-sheet = Hoja de estilos propia
files-remove = Eliminar
files-remove-title = ¿Eliminar «{ $name }»?
files-remove-text = La imagen desaparece para siempre. Una versión anterior del aspecto de un portal que la muestre ya no se podrá recuperar.
files-in-use-title = Esta imagen está en uso
files-in-use-text = Elija allí otra imagen y publique. Entonces se podrá eliminar.
files-back = Volver a los archivos
files-empty-title = Todavía no hay imágenes
files-empty-text = Suba un logotipo para verlo en su portal, sus correos y sus facturas.
files-fault-none = Elija una imagen.
files-fault-name = Cambie el nombre del archivo: hasta 100 caracteres en una línea.
files-fault-too-many = Ya hay { $max } imágenes, o 20 MB de imágenes. Elimine algunas que no estén en uso.
