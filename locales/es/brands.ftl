# Los portales como marcas en el panel de control.

nav-brands = Portales

notice-brand-created = Se ha creado el portal. Configure el resto en sus pestañas.
notice-brand-saved = Guardado. El portal lo muestra en un segundo.
notice-brand-removed = Se ha eliminado el portal.
notice-brand-has-customers = Este portal tiene clientes. Asígnelos a otro antes de eliminarlo.
notice-brand-has-gateways = Este portal tiene pasarelas de pago propias. Elimínelas u ofrézcalas en todos los portales antes de eliminarlo.
notice-brand-is-default = Este es el portal predeterminado. Elija otro como predeterminado antes de eliminarlo.
notice-brand-is-now-default = Los clientes nuevos pertenecen ahora a este portal.
notice-customer-access-saved = Guardado. El cliente lo ve en un segundo.

## The list
brands-subtitle = Cada portal tiene su dominio, su aspecto, sus secciones y su correo para un grupo de clientes.
brands-table = Portales de la organización
brands-new = Nuevo portal
brands-domains = Dominios
brands-no-host = Sin dominio todavía
brands-customers = Clientes
brands-sections-hidden = Secciones ocultas
brands-exceptions = Excepciones
brands-of-customers = Clientes
brands-of-carriers = Carriers
brands-closed = Cerrado
brands-empty-title = Todavía no hay portales
brands-empty-text = Cree el primero: bastan un nombre y un dominio para empezar.

## Tabs
brands-tabs = Ajustes del portal
brands-tab-basic = Básico
brands-tab-sections = Área de acceso
brands-tab-breakout = Desglose
brands-tab-cdr = CDR
brands-open-portal = Abrir el portal

## Basic
brands-new-subtitle = El aspecto, el correo y otros dominios se configuran una vez creado.
brands-create = Crear portal
brands-brand = Marca
brands-name = Nombre de la marca
brands-name-hint = Lo que los clientes leen en cada página y en cada correo.
brands-host = Dominio
brands-host-hint = El nombre que abren los clientes, por ejemplo pagos.ejemplo.com. Después se muestra qué configurar en el DNS.
brands-language = Idioma predeterminado
brands-language-hint = Para visitantes cuyo navegador no habla ningún idioma del portal.
brands-sign-up = Registro
brands-sign-up-text = Si los clientes nuevos pueden registrarse por sí mismos en este portal.
brands-sign-up-customers = Los clientes pueden registrarse
brands-sign-up-carriers = Los carriers pueden registrarse
brands-needs-approval = Los registros requieren aprobación
brands-needs-approval-hint = Cada uno espera hasta que su equipo lo acepte.
brands-template = Cliente plantilla
brands-template-hint = Sus ajustes y registros se copian a cada cliente que se registra. Escriba su ID o ID externo.
brands-template-is = Es { $name }
brands-currencies = Monedas para el registro
brands-currencies-hint = Códigos como EUR, USD. Si queda vacío: la moneda de la organización.
brands-addresses = Enlaces con su propio sitio
brands-home-url = Página de inicio
brands-home-url-hint = Adonde lleva el logotipo. Debe estar en uno de los orígenes de retorno.
brands-return-origins = Orígenes de retorno permitidos
brands-return-origins-hint = Sitios a los que pueden volver las sesiones, uno por línea: https://ejemplo.com
brands-embed-origins = Orígenes de inserción permitidos
brands-embed-origins-hint = Sitios cuyas páginas pueden mostrar el portal en un marco, uno por línea.
brands-paying = Pagos
brands-receipts = Recibos por correo
brands-receipts-hint = A quien pagó; si no, a los contactos de facturación del cliente.
brands-receipts-online = De los pagos hechos por una pasarela
brands-receipts-all = También de los pagos registrados
brands-receipts-never = Nunca
brands-link-lines = Los enlaces de pago muestran las líneas de su factura
brands-link-lines-hint = La factura se puede descargar allí en cualquier caso.

brands-editable = Campos editables del perfil
brands-editable-text = Lo que los clientes pueden cambiar en el portal. Todo lo demás se muestra bloqueado.
brands-field-name = Nombre
brands-field-email = Correo electrónico
brands-field-phone = Teléfono
brands-field-company = Datos de la empresa
brands-field-address = Direcciones
brands-field-tax_ids = Identificadores fiscales
brands-more = Más
brands-make-default = Hacer predeterminado
brands-make-default-text = Los clientes nuevos que no indican ningún portal pertenecerían a este.
brands-remove = Eliminar portal
brands-remove-text = Nadie usa este portal. Sus dominios, aspecto, correo y textos desaparecen con él.
brands-remove-in-use = Este portal tiene clientes y no puede eliminarse. Asígnelos antes a otro portal.
brands-remove-title = ¿Eliminar { $name }?
brands-remove-sure = Se borran los dominios, certificados, aspecto, correo y textos de este portal. No se puede deshacer.

## User access area
brands-sections-text = Desactive lo que los clientes de este portal no deben ver. Una sección oculta falta en el menú, en la búsqueda, en las descargas y en su dirección. Puede hacer excepciones para cada cliente.
brands-exceptions-count =
    { $count ->
        [one] Un cliente tiene excepciones
       *[other] { $count } clientes tienen excepciones
    }
brands-no-exceptions = Todos los clientes ven lo que se indica aquí. Las excepciones se hacen en la página del cliente, en Acceso al portal.

## Columns of reports
brands-columns-breakout-text = Elija las columnas del informe de desglose y su orden. Los carriers nunca ven columnas que revelan lo que pagan los clientes.
brands-columns-cdr-text = Elija las columnas de los registros de llamadas y su orden. Los carriers nunca ven columnas que revelan lo que pagan los clientes.
brands-columns-usual = Esta es la selección habitual. Guárdela para conservarla tal como está, elijan lo que elijan versiones posteriores.
brands-columns-unsaved = El orden ha cambiado, pero todavía no está guardado.
brands-columns-none = Elija al menos una columna.
brands-columns-reset = Volver a la selección habitual
brands-column-shown = Visible
brands-column-name = Columna
brands-column-seen-by = La pueden ver
brands-column-position = Posición
brands-column-show = Mostrar { $name }
brands-column-position-of = Posición de { $name }
brands-column-up = Subir { $name }
brands-column-down = Bajar { $name }

## What can be wrong
brands-fault-too-many = Caben como máximo { $max } valores.
brands-fault-host = Esto no es un dominio. Escriba un nombre como pagos.ejemplo.com, sin https:// y sin ruta.
brands-fault-reserved-host = Este nombre es de la propia instalación. Elija un nombre suyo y diríjalo aquí con un registro CNAME.
brands-fault-host-in-use = Este dominio ya está en uso.
brands-fault-link = Esto no es una dirección web. Debería empezar por https://
brands-fault-not-allowed = { $value } no está entre los orígenes de retorno permitidos. Añádalo primero.
brands-fault-origin = «{ $value }» no es un origen. Debería parecerse a https://ejemplo.com
brands-fault-currency = «{ $value }» no es una moneda. Use códigos de tres letras, como EUR.
brands-fault-no-customer = Ningún cliente tiene este ID o ID externo.
