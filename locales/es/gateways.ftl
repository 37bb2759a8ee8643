# Pasarelas de pago en el panel de control.

settings-gateways = Pasarelas de pago
gateways-subtitle = Las cuentas en proveedores de pago con las que pagan los clientes, en el orden en que las ven
gateways-new = Nueva pasarela
gateways-new-at = Nueva pasarela de { $provider }
gateways-choose-text = Elija el proveedor en el que tiene una cuenta.
gateways-provider = Proveedor
gateways-offers = Para qué sirve
gateways-empty-title = Aún no hay pasarelas de pago
gateways-empty-text = Con una pasarela, los clientes pueden pagar facturas y recargar su saldo en el portal.
gateways-general = General
gateways-name-hint = Lo que leen los clientes, por ejemplo «Tarjeta».
gateways-brand = Portal
gateways-brand-all = Todos los portales
gateways-brand-hint = Dónde se ofrece.
gateways-position = Posición
gateways-position-hint = Los números pequeños van primero. Si se deja vacía, va al final.
gateways-mode = Modo
gateways-mode-test = Prueba
gateways-mode-test-hint = Dinero ficticio: no se cobra nada. Requiere las claves de prueba del proveedor.
gateways-mode-live = Real
gateways-mode-live-hint = Dinero real. Requiere las claves reales del proveedor.
gateways-enabled = Los clientes pueden pagar con ella
gateways-enabled-hint = Puede guardarla primero y activarla cuando todo esté introducido.
gateways-deducts-fees = Abonar lo que queda tras la comisión del proveedor
gateways-deducts-fees-hint = De lo contrario, a los clientes se les abona todo lo que pagaron.
gateways-account = Cuenta en { $provider }
gateways-secret-set = Hay un valor guardado; deje esto vacío para conservarlo.
gateways-needed-to-enable = Necesario antes de poder activar la pasarela.
gateways-notices = Notificaciones
gateways-notice-url = Dirección para las notificaciones del proveedor (webhooks)
gateways-currencies = Monedas
gateways-currencies-text = Qué se puede pagar en cada moneda y qué se paga además. Los importes vacíos no tienen límite; las filas sin moneda no se tienen en cuenta.
gateways-currency-row = Moneda { $row }
gateways-currency-none = Ninguna
gateways-minimum = Pago mínimo
gateways-maximum = Pago máximo
gateways-surcharge = Recargo fijo
gateways-surcharge-percent = Recargo en porcentaje
gateways-make = Crear pasarela
gateways-enable = Activar
gateways-disable = Desactivar
gateways-state-enabled = Activada
gateways-state-disabled = Desactivada
gateways-state-lost = Claves perdidas
gateways-lost-title = Las claves de esta pasarela no se pueden leer
gateways-lost-text = Se sellaron con otra clave de esta instalación. Introdúzcalas de nuevo.

gateways-test = Prueba
gateways-test-text = Pregunta a { $provider } si los ajustes guardados son correctos. No se mueve dinero.
gateways-test-act = Probar los ajustes
gateways-test-good = { $provider } acepta los ajustes.
gateways-test-failed = No se han podido confirmar los ajustes
gateways-test-refused = { $provider } los rechaza. Dice:
gateways-test-not-reached = No se ha podido contactar con { $provider }:
gateways-test-unknown = { $provider } no ha dado una respuesta que se pueda entender:
gateways-test-too-many = { $provider } pide que se le pregunte con menos frecuencia. Inténtelo de nuevo dentro de unos minutos.
gateways-test-lost = Las claves guardadas no se pueden leer. Introdúzcalas de nuevo.

gateways-remove = Eliminar pasarela
gateways-remove-title = Eliminar esta pasarela
gateways-remove-text = Una pasarela con la que se ha pagado algo no se puede eliminar, solo desactivar.
gateways-remove-sure = La pasarela y sus claves se borran aquí. Su cuenta en el proveedor queda como está.

notice-gateways-made = La pasarela se ha creado.
notice-gateways-saved = La pasarela se ha guardado.
notice-gateways-enabled = Los clientes ya pueden pagar con la pasarela.
notice-gateways-disabled = La pasarela está desactivada. Los pagos en curso aún se completan.
notice-gateways-incomplete = La pasarela aún no se puede activar. Marque «Los clientes pueden pagar con ella» y guarde para ver qué falta.
notice-gateways-removed = La pasarela se ha eliminado.
notice-gateways-in-use = Hay pagos o métodos de pago guardados que hacen referencia a esta pasarela, por lo que no se puede eliminar. Desactívela.

## Qué puede estar mal en un campo
gateways-fault-malformed = Esto no parece el valor que da el proveedor. Compruebe que se ha copiado entero y que corresponde al modo elegido.
gateways-fault-provider-stays = Una pasarela sigue con su proveedor. Cree otra pasarela.
gateways-fault-not-live = Este proveedor no tiene modo real.
gateways-fault-needed-to-enable = Esto es necesario antes de poder activar la pasarela.
gateways-fault-no-currency = Elija al menos una moneda antes de activar la pasarela.
gateways-fault-too-many = Son más de { $max }.
gateways-fault-currency-twice = Esta moneda ya está en otra fila.
gateways-fault-maximum = El máximo no puede ser menor que el mínimo.
gateways-fault-percent = Escriba un porcentaje de 0 a 100 con cuatro decimales como máximo.
gateways-fault-not-https = La dirección debe empezar por https:// mientras la pasarela esté activada y en modo real.
gateways-fault-secret-again = Introdúzcalo de nuevo, porque ha cambiado una dirección del proveedor.

## Stripe
gateway-stripe-about = Tarjetas, monederos y lo demás que active en Stripe, en las páginas de Stripe
gateway-stripe-notices = En el panel de Stripe, abra Desarrolladores, Webhooks, añada un destino para los eventos de Checkout, payment intents, setup intents, cargos, reembolsos y disputas, e introduzca esta dirección.
gateway-stripe-secret-key = Clave secreta
gateway-stripe-secret-key-help = En el panel de Stripe, en Desarrolladores, Claves de API. Empieza por sk_test_ o sk_live_; también sirve una clave restringida (rk_…).
gateway-stripe-webhook-secret = Secreto de firma del webhook
gateway-stripe-webhook-secret-help = Stripe lo muestra cuando se ha añadido allí la dirección para las notificaciones; empieza por whsec_. Mientras lo sustituye, introduzca ambos separados por un espacio.
gateway-stripe-account-id = Cuenta conectada
gateway-stripe-account-id-help = Solo para plataformas con Stripe Connect: la cuenta para la que se cobra, acct_…, en Connect, Cuentas.
gateway-stripe-statement-descriptor = Descripción en el extracto
gateway-stripe-statement-descriptor-help = Lo que aparece en los extractos de tarjeta tras el prefijo de su cuenta: como máximo 22 letras, cifras y espacios. El de Stripe está en Configuración, Empresa, Datos públicos.
gateway-stripe-base-url = Dirección de la API
gateway-stripe-base-url-help = Déjela vacía para usar la de Stripe, https://api.stripe.com.

## PayPal
gateway-paypal-about = Cuentas de PayPal, en las páginas de PayPal
gateway-paypal-notices = En el panel para desarrolladores de PayPal, abra Apps & Credentials, su aplicación, Webhooks, y añada esta dirección para los eventos de pedidos, pagos, métodos guardados (vault) y disputas.
gateway-paypal-client-id = ID de cliente
gateway-paypal-client-id-help = En el panel para desarrolladores de PayPal, en Apps & Credentials, en su aplicación. Sandbox y Live tienen cada uno el suyo.
gateway-paypal-client-secret = Secreto
gateway-paypal-client-secret-help = Junto al ID de cliente, en la misma aplicación.
gateway-paypal-webhook-id = ID del webhook
gateway-paypal-webhook-id-help = En la misma aplicación, en Webhooks, cuando se ha añadido allí la dirección para las notificaciones.
gateway-paypal-merchant-id = ID de comerciante
gateway-paypal-merchant-id-help = En PayPal, en Configuración de la cuenta, Información de la empresa. Solo si varias cuentas usan la misma aplicación.
gateway-paypal-base-url = Dirección de la API
gateway-paypal-base-url-help = Déjela vacía para usar la de PayPal, https://api-m.paypal.com o, en modo de prueba, https://api-m.sandbox.paypal.com.

## Authorize.Net
gateway-authorize-net-about = Tarjetas, en las páginas alojadas de Authorize.Net; una moneda por cuenta
gateway-authorize-net-notices = En la Merchant Interface, abra Account, Settings, Webhooks, añada un endpoint con esta dirección para todos los eventos de pagos y clientes, y actívelo.
gateway-authorize-net-api-login-id = API login ID
gateway-authorize-net-api-login-id-help = En la Merchant Interface, en Account, Settings, API Credentials & Keys.
gateway-authorize-net-transaction-key = Clave de transacción
gateway-authorize-net-transaction-key-help = En la misma página: elija New Transaction Key. Se muestra una sola vez.
gateway-authorize-net-signature-key = Clave de firma
gateway-authorize-net-signature-key-help = En la misma página: elija New Signature Key. Demuestra que las notificaciones son del proveedor.
gateway-authorize-net-currency = Moneda de la cuenta
gateway-authorize-net-currency-help = La única moneda que acepta la cuenta, por ejemplo USD. Está en la Merchant Interface, en Account, Merchant Profile.
gateway-authorize-net-base-url = Dirección de la API
gateway-authorize-net-base-url-help = Déjela vacía para usar la del proveedor, https://api.authorize.net o, en modo de prueba, https://apitest.authorize.net.
gateway-authorize-net-hosted-url = Dirección de las páginas alojadas
gateway-authorize-net-hosted-url-help = Déjela vacía para usar la del proveedor, https://accept.authorize.net o, en modo de prueba, https://test.authorize.net.

## El sandbox
gateway-sandbox-about = Dinero ficticio, para probarlo todo sin un proveedor
gateway-sandbox-notices = El sandbox no envía notificaciones.
