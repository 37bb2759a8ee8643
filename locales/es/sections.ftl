# Las secciones del portal con sus interruptores y las columnas de sus informes.

section-group-billing = Facturación
section-group-holdings = Lo que tienen los clientes
section-group-account = Cuenta
section-group-features = Funciones

section-balance = Saldo
section-balance-text = Lo pendiente, lo pagado y el saldo: en la primera página, y con cada movimiento.
section-invoices = Facturas
section-invoices-text = Facturas y notas de crédito, con sus PDF.
section-payments = Pagos
section-payments-text = Pagos, reembolsos y recibos.
section-vouchers = Vales
section-vouchers-text = Canjear códigos de vales y ver lo que dieron.
section-subscriptions = Suscripciones
section-subscriptions-text = Planes en uso, con precios y periodos.
section-entitlements = Derechos de uso
section-entitlements-text = Lo que puede usarse y cuánto queda.
section-contracts = Contratos
section-contracts-text = Acuerdos firmados y sus revisiones.
section-payment_methods = Métodos de pago
section-payment_methods-text = Tarjetas y cuentas guardadas a las que se carga.
section-billing_information = Datos de facturación
section-billing_information-text = Empresa, direcciones e identificadores fiscales, para leer y, si se permite, cambiar.
section-exports = Descargas de listas
section-exports-text = Listas como archivos CSV y XLSX. Los PDF de documentos pertenecen a sus secciones.

## One customer's exceptions
access-title = Acceso al portal
access-subtitle = Lo que ve este cliente, donde difiere de { $brand }.
access-shown-by-brand = Como el portal: visible
access-hidden-by-brand = Como el portal: oculto
access-show = Mostrar
access-hide = Ocultar
access-shows = Visible: { $names }
access-hides = Oculto: { $names }

## Columns
column-acd = ACD
column-asr = ASR
column-attempts = Intentos
column-billed_duration = Duración facturada
column-call_id = ID de llamada
column-call_time = Hora de la llamada
column-card_id = ID de tarifa
column-charge = Cargo
column-connect_cost = Coste de conexión
column-connected = Conectadas
column-customer = Cliente
column-customer_charge = Cargo al cliente
column-customer_destination_name = Destino del cliente
column-customer_duration = Duración del cliente
column-destination = Destino
column-destination_code = Código de destino
column-destination_name = Nombre del destino
column-direction = Dirección
column-dtmf = DTMF
column-dtmf_percent = Porcentaje de DTMF
column-duration = Duración
column-lrn_number = Número LRN
column-pdd = PDD
column-pdd_in = PDD de entrada
column-play_audio = Escuchar
column-rate = Tarifa
column-recording_file = Grabación
column-release_reason = Motivo de fin
column-ring_duration = Duración del timbre
column-sdp = SDP
column-sip_code = Código SIP
column-sip_reason = Motivo SIP
column-source_ip = IP de origen
column-source_number = Número de origen
column-switch = Conmutador
column-tech_prefix = Prefijo técnico
