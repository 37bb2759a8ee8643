# La cuenta: perfil, datos de facturación, seguridad.

## Perfil
profile-subtitle = Sus datos personales y preferencias
profile-personal = Datos personales
profile-read-only = Este dato no puede cambiarse aquí. Póngase en contacto con el servicio de asistencia.
profile-language-browser = El del navegador
profile-language-hint = Para estas páginas y para los correos que reciba.
profile-time-zone-default = La de la cuenta
profile-time-zone-hint = Las horas se muestran en esta zona.
profile-email-title = Correo electrónico
profile-email-present = Dirección actual
profile-email-new = Nuevo correo electrónico
profile-email-hint = Enviaremos un enlace a la dirección nueva. El cambio se aplica cuando lo haya confirmado.
profile-email-change = Cambiar el correo electrónico
profile-email-pending = { $email } está pendiente de confirmar. Abra el enlace que le enviamos allí.
profile-account = Cuenta
profile-role = Su rol
profile-customer-only = Está consultando esta cuenta sin un perfil personal.

## Datos de facturación
profile-billing-subtitle = Lo que aparece en sus facturas
profile-billing-read-only = Algunos de estos datos solo puede cambiarlos nuestro personal. Póngase en contacto con el servicio de asistencia.
profile-company = Empresa
profile-legal-name = Razón social
profile-legal-name-hint = Tal como debe figurar en las facturas.
profile-registration-number = Número de registro
profile-billing-email = Correo de facturación
profile-billing-address = Dirección de facturación
profile-shipping-address = Dirección de envío
profile-address-line1 = Calle y número
profile-address-line2 = Edificio, piso, puerta
profile-postal-code = Código postal
profile-city = Ciudad
profile-region = Estado, provincia o región
profile-country-none = Elija un país
profile-address-none = Aún no hay dirección
profile-tax-ids = Identificadores fiscales
profile-tax-ids-hint = Deje vacío un número para eliminarlo.
profile-tax-ids-none = Aún no hay identificadores fiscales
profile-tax-kind-none = Elija un tipo
profile-tax-kind = Tipo de identificador fiscal { $row }
profile-tax-number = Identificador fiscal { $row }

## Seguridad
profile-security-subtitle = Su contraseña y los lugares donde tiene la sesión iniciada
profile-password-change = Cambiar la contraseña
profile-password-set = Definir una contraseña
profile-current-password = Contraseña actual
profile-new-password = Contraseña nueva
profile-password-hint = Al menos 8 caracteres. Varias palabras seguidas son fáciles de recordar y difíciles de adivinar.
profile-sessions = Dónde tiene la sesión iniciada
profile-device = { $browser } en { $system }
profile-device-unknown = Dispositivo desconocido
profile-session-current = Este dispositivo
profile-session-seen = Último uso: { $time }
profile-session-by-link = abierta con un enlace
profile-session-by-password = con contraseña
profile-session-by-mailed-link = con un enlace por correo
profile-session-end = Cerrar sesión
profile-sessions-end-others = Cerrar las demás sesiones

## Avisos
notice-profile-saved = Su perfil se ha guardado.
notice-email-change-sent = Hemos enviado un enlace a su dirección nueva. Ábralo para confirmar el cambio.
notice-email-confirmed = Su nuevo correo electrónico está confirmado.
notice-company-saved = Los datos de su empresa se han guardado.
notice-address-saved = Su dirección se ha guardado.
notice-tax-ids-saved = Sus identificadores fiscales se han guardado.
notice-password-changed = Su contraseña se ha cambiado y se han cerrado todas sus demás sesiones.
notice-password-due = Su contraseña provisional es correcta. Ahora elija una contraseña propia.
notice-password-reset = Su contraseña se ha cambiado y su sesión está iniciada.
notice-session-ended = Esa sesión se ha cerrado.
notice-sessions-ended = Todas sus demás sesiones se han cerrado.

## Registros de identificadores fiscales
tax-kind-ar-cuit = Argentina · CUIT
tax-kind-au-abn = Australia · ABN
tax-kind-br-cnpj = Brasil · CNPJ
tax-kind-br-cpf = Brasil · CPF
tax-kind-ca-bn = Canadá · BN
tax-kind-ca-gst = Canadá · GST/HST
tax-kind-ch-vat = Suiza · IVA
tax-kind-cl-rut = Chile · RUT
tax-kind-co-nit = Colombia · NIT
tax-kind-cr-cpj = Costa Rica · CPJ
tax-kind-do-rnc = República Dominicana · RNC
tax-kind-ec-ruc = Ecuador · RUC
tax-kind-es-cif = España · NIF (empresas)
tax-kind-es-nif = España · NIF (personas)
tax-kind-eu-vat = Unión Europea · IVA
tax-kind-gb-vat = Reino Unido · IVA
tax-kind-il-hp = Israel · HP
tax-kind-in-gst = India · GSTIN
tax-kind-in-pan = India · PAN
tax-kind-is-vat = Islandia · VSK
tax-kind-jp-cn = Japón · Número de sociedad
tax-kind-kr-brn = Corea del Sur · BRN
tax-kind-mx-rfc = México · RFC
tax-kind-no-vat = Noruega · IVA
tax-kind-nz-ird = Nueva Zelanda · IRD
tax-kind-pe-ruc = Perú · RUC
tax-kind-sg-uen = Singapur · UEN
tax-kind-tr-vkn = Turquía · VKN
tax-kind-us-ein = Estados Unidos · EIN
tax-kind-uy-rut = Uruguay · RUT
profile-note-title = Una nota para usted
