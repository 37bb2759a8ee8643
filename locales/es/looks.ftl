# El aspecto de un portal en el panel de control: borrador, vista previa, versiones.

notice-looks-saved = El borrador está guardado. Los clientes lo verán cuando lo publique.
notice-looks-published = Publicado. El portal lo muestra en un segundo.
notice-looks-discarded = Se ha descartado el borrador. El portal sigue como estaba.
notice-looks-rolled-back = La versión anterior se muestra de nuevo, con un número nuevo.
notice-looks-stale = Alguien ha guardado entretanto. Revise el borrador antes de continuar.
notice-looks-no-draft = No hay ningún borrador que publicar.
notice-looks-file-gone = Una imagen de esta versión se eliminó de los archivos. Elija otra en el borrador y publíquelo.

looks-title = Avanzado

## Borrador
looks-has-draft = Borrador
looks-draft-title = Hay un borrador que los clientes todavía no ven
looks-draft-by = { $name } lo guardó el { $when }.
looks-draft-at = Se guardó el { $when }.
looks-save = Guardar borrador
looks-save-and-publish = Guardar y publicar…
looks-publish = Publicar
looks-discard = Descartar borrador
looks-stale-title = Otra persona ha guardado entretanto
looks-stale-text = Lo que ha escrito sigue aquí y no está guardado. Guarde de nuevo para ponerlo en lugar del otro borrador.

## Colores y formas
looks-colours = Colores y formas
looks-accent = Color de acento
looks-accent-hint = Botones, enlaces y marcas. Se ajusta al tono más cercano que todos pueden leer.
looks-radius = Radio de las esquinas
looks-radius-hint = 0 para esquinas rectas, hasta 24 píxeles.
looks-font = Tipo de letra
looks-font-hint = Ninguno se carga desde otro servidor.
looks-font-inter = Inter
looks-font-system = El del dispositivo
looks-font-serif = Con remates
looks-font-rounded = Redondeado
looks-font-mono = Monoespaciado
looks-contrast-title = Se ha corregido el color de acento
looks-contrast-text = Tal como lo eligió, algunas personas no podrían leerlo. El matiz y la intensidad se mantienen; el tono se mueve lo mínimo necesario.
looks-contrast-light-text = Texto sobre fondos claros: { $chosen } tiene un contraste de { $contrast } a 1, y se necesita { $needed }. Se muestra como { $used }.
looks-contrast-light-fill = Botones y marcas sobre fondos claros: { $chosen } tiene un contraste de { $contrast } a 1, y se necesita { $needed }. Se muestra como { $used }.
looks-contrast-dark-text = Texto sobre fondos oscuros: { $chosen } tiene un contraste de { $contrast } a 1, y se necesita { $needed }. Se muestra como { $used }.
looks-contrast-dark-fill = Botones y marcas sobre fondos oscuros: { $chosen } tiene un contraste de { $contrast } a 1, y se necesita { $needed }. Se muestra como { $used }.

## Imágenes
looks-pictures = Imágenes
looks-upload = Subir imágenes
looks-logo = Logotipo
looks-logo-hint = Sobre fondos claros. Sin él, el portal muestra su nombre.
looks-dark-logo = Logotipo sobre fondos oscuros
looks-dark-logo-hint = Sin él, también se muestra allí el otro logotipo.
looks-favicon = Icono de la pestaña del navegador
looks-favicon-hint = Súbalo como icono, para que sea cuadrado.
looks-no-picture = Ninguna

## Pie de página
looks-foot = Pie de cada página
looks-footer = Texto del pie
looks-footer-hint = Una línea: por ejemplo, su razón social.
looks-support-url = Página de ayuda
looks-support-email = Dirección de correo para pedir ayuda
looks-links = Enlaces legales
looks-links-hint = Condiciones, privacidad, aviso legal. Las filas vacías no se muestran.
looks-link-label = Texto { $number }
looks-link-url = Dirección { $number }
looks-more-links = Más enlaces

## Código
looks-code = Hoja de estilos y script propios
looks-css = CSS propio
looks-css-hint = Hasta 64 KB. Sus archivos están en /brand/files/ y su identificador. Las reglas van en una capa de cascada posterior a las del portal. Sus avisos y advertencias quedan como son.
looks-css-faults = La hoja de estilos no se puede guardar así
looks-css-contrast = Su hoja de estilos define colores. Estos no se corrigen: compruebe que el texto siga siendo legible, en claro y en oscuro.
looks-script = JavaScript propio
looks-script-hint = Código sin etiquetas, o exactamente un <script src="https://…"></script> de un origen permitido. Se ejecuta en las páginas de quienes han iniciado sesión, pero nunca donde se inicia sesión, se demuestra la identidad, se paga o se gestionan métodos de pago; y nunca en la vista previa.
looks-script-title = Un script ve lo que ve su cliente
looks-script-warning = Un script puede leer todo lo que hay en la página en la que se ejecuta, y actuar como el cliente que la mira. Use solo código de alguien en quien confíe como en usted mismo. Cada cambio queda en el registro de auditoría.
looks-origins = Orígenes permitidos
looks-origins-hint = Uno por línea, con https://. La hoja de estilos y el script pueden cargar desde estos servidores, en las páginas que ejecutan scripts. De ningún otro sitio se carga nada.

## Fallos
looks-fault-colour = Elija un color como #2f5bea.
looks-fault-radius = Use un número entero de 0 a 24.
looks-fault-no-file = Esta imagen ya no está entre sus archivos. Elija otra.
looks-fault-link = Use una dirección completa que empiece por https://.
looks-fault-half-link = Rellene el texto y la dirección, o ninguno de los dos.
looks-fault-too-many = Use como máximo { $max }.
looks-fault-origin = «{ $value }» no es un origen. Use https:// y un servidor, como https://cdn.example.com.
looks-fault-css = La hoja de estilos tiene { $count ->
    [one] un fallo
   *[other] { $count } fallos
}. Se enumeran debajo.
looks-fault-script-large = El script tiene más de 64 KB. Cárguelo desde un origen permitido.
looks-fault-script-markup = Escriba código sin etiquetas, o exactamente un <script src="https://…"></script>.
looks-fault-script-address = La dirección de src tiene que empezar por https://.
looks-fault-script-origin = { $value } no está entre los orígenes permitidos. Añádalo abajo.
looks-fault-script-integrity = El valor de integrity no es un hash como sha384-….

## Vista previa
looks-preview = Vista previa
looks-preview-page = Página
looks-preview-refresh = Actualizar
looks-preview-width = Ancho de la vista previa
looks-width-desktop = Escritorio
looks-width-phone = Teléfono
looks-preview-frame = El portal con este aspecto
looks-preview-hint = Páginas reales con datos inventados. El script no se ejecuta aquí.
looks-page-overview = Resumen
looks-page-invoices = Facturas
looks-page-invoice = Una factura
looks-page-sign-in = Inicio de sesión

## Versiones
looks-versions = Versiones publicadas
looks-version = Versión
looks-first-version = Antes de la primera
looks-current = A la vista
looks-published-at = Publicada
looks-published-by = Por
looks-by-operator = Un operador anterior
looks-by-api_key = API
looks-by-system = Sistema
looks-actions = Acciones
looks-look = Vista previa
looks-roll-back = Restaurar

## Preguntas
looks-ask-publish = ¿Publicar la versión { $version }?
looks-ask-publish-text = { $count ->
    [0] { $brand } todavía no tiene clientes. Quien llegue al portal verá el nuevo aspecto en un segundo.
    [one] El cliente de { $brand } verá el nuevo aspecto en un segundo. Puede restaurar una versión anterior en cualquier momento.
   *[other] Los clientes de { $brand } verán el nuevo aspecto en un segundo. Puede restaurar una versión anterior en cualquier momento.
}
looks-ask-discard = ¿Descartar el borrador?
looks-ask-discard-text = Se pierden todos los cambios desde la última publicación. Lo que ven los clientes de { $brand } sigue como está.
looks-ask-roll-back = ¿Restaurar la versión { $version }?
looks-ask-roll-back-text = { $brand } muestra de nuevo esa versión en un segundo, con un número nuevo. Un borrador sigue como está.
