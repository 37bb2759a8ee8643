# Operadores: cómo entran en el panel de control, su propia cuenta y quién más hay.

## Entrar en el panel de control
entry-panel-title = Entrar en el panel de control
entry-panel-text = Para quienes gestionan el portal de facturación.
entry-panel-refused = El correo y la contraseña no coinciden. Compruebe ambos e inténtelo de nuevo.
entry-panel-insecure-help = Abra el panel de control con https:// al principio o, en la máquina donde funciona, con http://localhost.
entry-panel-link-over-help = Pida otra invitación a un compañero, o solicite desde la página de entrada un enlace para elegir otra contraseña. El enlace de puesta en marcha se crea de nuevo en cada arranque del programa hasta que alguien lo haya usado.

## Varias organizaciones
entry-choose-title = ¿Dónde quiere entrar?
entry-choose-text = Es operador de más de una organización.

## El segundo factor
entry-code-title = Introduzca su código
entry-code-text = Está entrando como { $email }. Abra su aplicación de autenticación e introduzca el código que muestra para esta cuenta.
entry-code-label = Código
entry-code-hint = Seis cifras. Si no tiene su dispositivo, introduzca uno de sus códigos de recuperación.

## Una invitación
entry-invitation-title = Unirse a { $organisation }
entry-invitation-text = Le han invitado al panel de control. Elija una contraseña y ya está dentro.
entry-invitation-accept = Unirse

## El primer operador
entry-set-up-title = Le damos la bienvenida a Portico
entry-set-up-text = Cree el propietario de esta instalación. A partir de entonces este enlace no sirve a nadie.
entry-set-up-organisation = Nombre de su organización
entry-set-up-organisation-hint = Lo leen los clientes. Se puede cambiar más adelante.
entry-set-up-save = Crear la cuenta y entrar

notice-signed-out = Ha cerrado la sesión.
notice-sign-in-again = Ha pasado demasiado tiempo. Vuelva a entrar, por favor.

operators-own-name = Su nombre

## La cuenta propia
nav-own-account = Mi cuenta
account-subtitle = Cómo se llama aquí y cómo entra.
account-who = Sobre usted
account-language-browser = El que pide el navegador
account-factor = Segundo factor
account-factor-on = Activado
account-factor-off = Desactivado
account-factor-text = Una aplicación de autenticación en su teléfono muestra un código nuevo cada 30 segundos. Con él, una contraseña robada no basta para entrar.
account-factor-needed = Su organización pide un segundo factor a todo el mundo.
account-factor-due = Su organización pide un segundo factor a todo el mundo. Configure el suyo para continuar.
account-factor-set-up = Configurar un segundo factor
account-factor-switch-off = Desactivar el segundo factor
account-factor-off-text = A partir de entonces bastará su contraseña para entrar. Introdúzcala para confirmar.
account-enrol-scan = 1. Escanee la imagen
account-enrol-scan-text = Abra una aplicación de autenticación (Aegis, Google Authenticator, 1Password u otra) y escanee esta imagen con ella.
account-enrol-picture = Código QR para la aplicación de autenticación
account-enrol-by-hand = ¿No puede escanearla?
account-enrol-by-hand-text = Introduzca esta clave en la aplicación. El tipo es por tiempo, con seis cifras.
account-enrol-confirm = 2. Introduzca el primer código
account-enrol-code-hint = Las seis cifras que la aplicación muestra ahora.
account-enrol-save = Activar
account-codes = Sus códigos de recuperación
account-codes-text = Cada uno le deja entrar una vez si pierde su dispositivo. Guárdelos donde guarda sus contraseñas, o imprímalos.
account-codes-once = Estos códigos se muestran solo esta vez.
account-codes-kept = Los he guardado
account-codes-left =
    { $count ->
        [0] No queda ningún código de recuperación.
        [one] Queda un código de recuperación.
       *[other] Quedan { $count } códigos de recuperación.
    }
account-codes-renew = Códigos de recuperación nuevos
account-codes-renew-text = Los anteriores dejarán de valer. Introduzca su contraseña para confirmar.

notice-account-saved = Se ha guardado su cuenta.
notice-account-password-changed = Se ha cambiado su contraseña. Todas sus demás sesiones han terminado.
notice-account-session-ended = La sesión ha terminado.
notice-account-sessions-ended = Todas sus demás sesiones han terminado.
notice-account-factor-off = El segundo factor está desactivado.
notice-account-factor-required = Su organización pide un segundo factor, así que no se puede desactivar.

## Las personas de la organización
operators-subtitle = Quién puede entrar en este panel de control y qué puede hacer.
operators-you = (usted)
operators-role = Rol
operators-factor = Segundo factor
operators-last-seen = Última entrada
operators-since = Operador desde
operators-permissions = Qué puede hacer este rol
operators-invite = Invitar a un operador
operators-invite-text = Enviamos a esta dirección un enlace que sirve una vez, durante tres días. Con él su compañero elige una contraseña.
operators-invite-send = Enviar la invitación
operators-invite-again = Enviar otra invitación
operators-enable = Activar
operators-disable = Desactivar
operators-remove = Eliminar
operators-remove-title = ¿Eliminar a { $name }?
operators-remove-text = Todas sus sesiones terminan de inmediato. Lo que hizo permanece en el registro de auditoría. No se puede deshacer.
operators-factor-remove = Retirar el segundo factor
operators-factor-remove-text = Para compañeros que perdieron su dispositivo y sus códigos de recuperación. Entrarán solo con la contraseña hasta que configuren otro.

operator-state-active = Activo
operator-state-invited = Invitado
operator-state-disabled = Desactivado

operator-role-owner = Propietario
operator-role-owner-hint = Todo, incluidos los demás propietarios.
operator-role-admin = Administrador
operator-role-admin-hint = Todo salvo los propietarios.
operator-role-billing = Facturación
operator-role-billing-hint = Clientes, contactos y todo lo que se les factura.
operator-role-support = Soporte
operator-role-support-hint = Contactos y su acceso; consulta los portales de los clientes.
operator-role-read-only = Solo lectura
operator-role-read-only-hint = Ve clientes y documentos, y no cambia nada.

permission-read = Ver los clientes y todo lo que se les factura
permission-edit-customers = Crear y modificar clientes
permission-edit-contacts = Crear y modificar contactos y su acceso
permission-edit-billing = Crear y modificar facturas, pagos y lo que tienen los clientes
permission-edit-vouchers = Crear, exportar y anular vales
permission-open-portal = Abrir el portal como un cliente, para mirar
permission-act-in-portal = Actuar en un portal abierto como un cliente
permission-approve-sign-ups = Aprobar y rechazar registros
permission-edit-brands = Modificar marcas: aspecto, secciones, correo, textos, dominios
permission-edit-gateways = Configurar pasarelas de pago
permission-edit-organisation = Modificar los ajustes de la organización
permission-edit-operators = Invitar, modificar y eliminar operadores
permission-edit-api-keys = Crear y revocar claves de API
permission-read-audit = Leer el registro de auditoría

notice-operators-invited = La invitación está en camino.
notice-operators-saved = Se ha guardado el operador.
notice-operators-enabled = El operador puede entrar de nuevo.
notice-operators-disabled = El operador está desactivado. Todas sus sesiones han terminado.
notice-operators-removed = Se ha eliminado el operador.
notice-operators-factor-removed = Se ha retirado el segundo factor. Todas sus sesiones han terminado.
notice-operators-owners-only = Solo los propietarios pueden crear, modificar o eliminar propietarios.
notice-operators-last-owner = Es el último propietario que puede entrar. Haga antes propietario a otra persona.
notice-operators-own-record = Nadie cambia su propio rol, se desactiva o se elimina a sí mismo. Pídaselo a un compañero.

## Correos
mail-operator-invitation-subject = Únase a { $organisation } en Portico
mail-operator-invitation-text = { $inviter } le invita al panel de control de { $organisation }. Elija allí una contraseña:
mail-operator-invitation-action = Unirse
mail-operator-invitation-unasked = Si no sabe de qué se trata, ignore este correo: no pasa nada sin usted.
mail-operator-password-reset-subject = Elija otra contraseña para el panel de control de { $organisation }
mail-operator-password-reset-text = Alguien ha pedido otra contraseña para su cuenta de operador en { $organisation }. Elíjala aquí:
mail-operator-password-reset-action = Elegir otra contraseña
mail-operator-password-reset-unasked = Si no ha sido usted, ignore este correo: su contraseña sigue igual.
mail-operator-security-subject = Ha cambiado la forma en que entra en { $organisation }
mail-operator-security-password = La contraseña de su cuenta de operador en { $organisation } se cambió el { $time }.
mail-operator-security-second-factor-on = Se configuró un segundo factor para su cuenta de operador en { $organisation } el { $time }.
mail-operator-security-second-factor-off = El segundo factor de su cuenta de operador en { $organisation } se desactivó el { $time }.
mail-operator-security-unasked = Si no ha sido usted, elija de inmediato otra contraseña y avise a otro operador.
