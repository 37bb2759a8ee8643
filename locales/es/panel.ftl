# Las páginas del puerto 9090.

panel-home-title = Panel de control y API
panel-home-text = Los sistemas de facturación y demás software de su organización se comunican aquí con Portico.
panel-home-docs = Documentación de la API
panel-home-docs-text = Todas las operaciones, con ejemplos que se pueden probar con una clave.
panel-home-openapi = Documento OpenAPI
panel-home-openapi-text = Lo mismo para máquinas: generadores, herramientas de prueba, clientes.
panel-home-mailbox-text = Los correos de esta demostración, que se muestran en lugar de enviarse.

panel-docs-title = Documentación de la API
panel-docs-text = La API de gestión recibe sus datos de facturación y abre sesiones del portal para sus clientes.
panel-docs-download = Documento OpenAPI 3.1
panel-docs-noscript = La lista de operaciones la dibuja un script. Sin él, consulte el documento OpenAPI.
panel-docs-problems = Problemas
panel-docs-problems-text = Los errores son «problem details» (RFC 9457). Su tipo es uno de estos:

panel-mailbox-title = Buzón
panel-mailbox-text = Los correos de esta demostración, del más reciente al más antiguo. No se envió ninguno.
panel-mailbox-empty = Aún no hay correos
panel-mailbox-empty-text = Pida un enlace de acceso en el portal y aparecerá aquí.
panel-mailbox-to = Para { $recipient }
panel-mail-from = De
panel-mail-to = Para
panel-mail-sent = Enviado
panel-mail-body = El correo tal como se ve
panel-mail-text = Como texto sin formato

nav-panel-home = Inicio
