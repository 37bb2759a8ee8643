# Lo que pasa por las pasarelas, en el panel de control: intentos de pago y avisos de los proveedores.

nav-payment-attempts = Pagos en línea
payment-attempts-subtitle = Cada intento de pago por una pasarela y en qué quedó
payment-attempts-table = Intentos de pago
payment-attempts-search = Cliente, referencia o identificador del proveedor
payment-attempts-empty-title = Aún no hay pagos en línea
payment-attempts-empty-text = En cuanto los clientes paguen por una pasarela, aquí aparece cada intento, acabe como acabe.
payment-attempts-none-found-title = No hay intentos así
payment-attempts-tab-attempts = Intentos
payment-attempts-tab-notices = Avisos de los proveedores
payment-attempts-look = Mostrar
payment-attempts-look-only = Solo los que hay que revisar
payment-attempts-begun = Inicio
payment-attempts-gateway = Pasarela
payment-attempts-purpose = Finalidad
payment-attempts-charged = Cobrado
payment-attempts-reason = Motivo
payment-attempts-code = Código del proveedor
payment-attempts-mismatch = Qué no coincide
payment-attempts-handle = Identificador del proveedor
payment-attempts-reference = Referencia en el proveedor
payment-attempts-payment = ID del pago
payment-attempts-id = ID del intento
payment-attempts-of-customer = Pagos en línea
payment-attempts-of-payment = Pagado en línea
payment-attempts-view = Ver el intento

## Un intento
payment-attempts-stands = Cómo está
payment-attempts-customer-reads = El cliente lee
payment-attempts-became = Se convirtió en
payment-attempts-view-payment = Un pago
payment-attempts-next-look = Próxima consulta al proveedor
payment-attempts-changed = Último cambio
payment-attempts-sum = A cuánto asciende
payment-attempts-credits = Abonado
payment-attempts-asked = Qué se pidió
payment-attempts-contact = Lo inició
payment-attempts-method-stored = Un método guardado
payment-attempts-method-new = Un método nuevo
payment-attempts-method-kept = Un método nuevo, para guardar
payment-attempts-network = Dirección de red
payment-attempts-site = Portal
payment-attempts-history = Qué ocurrió
payment-attempts-was-begun = Inicio

## Para qué es
attempt-purpose-pay = Facturas
attempt-purpose-refill = Recarga del saldo

## Cómo está
attempt-state-created = Guardado
attempt-state-sent = En consulta
attempt-state-needs-action = Pendiente del cliente
attempt-state-processing = En proceso
attempt-state-unknown = Se desconoce
attempt-state-succeeded = Pagado
attempt-state-failed = Fallido
attempt-state-mismatch = No coincide
attempt-state-dismissed = Cerrado por el personal
attempt-state-missing = Desde hace tiempo

## Qué hacer
attempt-mismatch-title = El proveedor tiene dinero que no coincide y no se ha abonado nada
attempt-mismatch-text = Consúltelo en { $provider }. Si aquí había un ajuste equivocado, corríjalo y vuelva a preguntar al proveedor. Si no, devuelva allí el dinero y después cierre aquí el intento.
attempt-missing-text = { $provider } no dice desde hace más de una hora cómo ha terminado. Se le pregunta cada diez minutos. Si se prolonga, consúltelo también allí.
attempt-dismissed-title = Cerrado por el personal
attempt-look = Preguntar al proveedor ahora
attempt-dismiss = Cerrar el intento
attempt-dismiss-title = ¿Cerrar este intento?
attempt-dismiss-text = Hágalo después de devolver el dinero en { $provider }. El cliente lee entonces que el pago ha fallado y puede volver a pagar. Desde ese momento no se abona nada de lo que el proveedor diga de este intento. No se puede deshacer.
attempt-dismiss-reason = Motivo
attempt-dismiss-reason-hint = Para su personal: qué encontró y cómo se devolvió el dinero.
notice-attempt-paid = El proveedor dice que está pagado. Se ha abonado.
notice-attempt-failed = El proveedor dice que no se ha pagado.
notice-attempt-asked = Se ha preguntado al proveedor. Aquí se muestra cómo está ahora.
notice-attempt-dismissed = Se ha cerrado el intento.
notice-attempt-not-dismissed = Solo se puede cerrar un intento para el que el proveedor tiene dinero que no coincide.

## Avisos de los proveedores
nav-gateway-notices = Avisos de los proveedores
gateway-notices-subtitle = Lo que los proveedores de pago avisan por sí mismos. Un aviso no prueba nada: hace que Portico pregunte al proveedor.
gateway-notices-table = Avisos de los proveedores de pago
gateway-notices-search = Identificador del suceso
gateway-notices-empty-title = Aún no hay avisos
gateway-notices-empty-text = En cuanto un proveedor envíe avisos a la dirección de una pasarela, aparecen aquí.
gateway-notices-none-found-title = No hay avisos así
gateway-notices-one = Aviso
gateway-notices-kind = Suceso
gateway-notices-event = Identificador del suceso
gateway-notices-received = Recibido
gateway-notices-attempt = Intento
gateway-notices-view-attempt = Ver
gateway-notices-subject = Trata de
gateway-notices-tries = Veces tratado
gateway-notices-next-try = Se trata de nuevo
gateway-notices-result = Resultado
gateway-notice-state-waiting = En espera
gateway-notice-state-done = Tratado
gateway-notice-state-ignored = Nada nuestro
gateway-notice-state-given-up = Abandonado
gateway-notice-replay = Tratarlo de nuevo
gateway-notice-replay-text = Se pregunta otra vez al proveedor por lo que nombra este aviso. Con ello no se puede abonar nada dos veces.
notice-subject-payment = Un pago
notice-subject-set-up = El guardado de un método
notice-subject-reversal = Un reembolso o una disputa
notice-subject-method = Un método guardado
notice-subject-none = Nada que consultar
notice-gateway-notice-replayed = El aviso se trata de nuevo en unos segundos.

## En la primera página
home-attempts = Pagos en línea por revisar
home-attempts-hint = no coinciden, o se desconocen desde hace tiempo
home-notices = Avisos sin resultado
home-notices-hint = de proveedores de pago
