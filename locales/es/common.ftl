# Palabras comunes a todas las secciones. Cada sección guarda sus propios textos en su archivo.

## Acciones
action-apply = Aplicar
action-back = Volver
action-cancel = Cancelar
action-change = Cambiar
action-choose = Elegir
action-clear-filters = Borrar filtros
action-close = Cerrar
action-confirm = Confirmar
action-continue = Continuar
action-copy = Copiar
action-delete = Eliminar
action-details = Detalles
action-download = Descargar
action-download-csv = Descargar CSV
action-download-pdf = Descargar PDF
action-download-selected = Descargar selección
action-download-xlsx = Descargar XLSX
action-edit = Editar
action-export = Exportar
action-filter = Filtrar
action-hide = Ocultar
action-next = Siguiente
action-open-navigation = Abrir la navegación
action-previous = Anterior
action-print = Imprimir
action-remove = Quitar
action-reset = Restablecer
action-save = Guardar
action-save-changes = Guardar cambios
action-search = Buscar
action-select-all = Seleccionar todo
action-send = Enviar
action-show = Mostrar
action-show-as-table = Mostrar como tabla
action-show-password = Mostrar la contraseña
action-sign-in = Iniciar sesión
action-sign-out = Cerrar sesión
action-skip-to-content = Ir al contenido
action-try-again = Intentar de nuevo
action-view = Ver
action-view-all = Ver todo

## Etiquetas
label-account-menu = Menú de la cuenta
label-address = Dirección
label-all = Todos
label-amount = Importe
label-amount-due = Importe pendiente
label-amount-from = Importe desde
label-amount-to = Importe hasta
label-balance = Saldo
label-billing-period = Periodo de facturación
label-breadcrumbs = Ruta de navegación
label-company = Empresa
label-country = País
label-currency = Moneda
label-customer = Cliente
label-date = Fecha
label-default = Predeterminado
label-description = Descripción
label-due-date = Vencimiento
label-email = Correo electrónico
label-ends-on = Fin
label-expires-on = Caduca el
label-filters = Filtros
label-from = Desde
label-id = ID
label-invoice = Factura
label-language = Idioma
label-main-navigation = Navegación principal
label-method = Método
label-month = Mes
label-name = Nombre
label-no = No
label-none = Ninguno
label-notes = Notas
label-number = Número
label-optional = Opcional
label-overdue = Vencido
label-page-size = Filas por página
label-pages = Páginas
label-paid = Pagado
label-password = Contraseña
label-period = Periodo
label-phone = Teléfono
label-plan = Plan
label-price = Precio
label-quantity = Cantidad
label-reference = Referencia
label-rows-per-page = { $count } por página
label-selected = Seleccionados
label-selection = Selección
label-starts-on = Inicio
label-state = Estado
label-status = Estado
label-subtotal = Subtotal
label-tax = Impuestos
label-tax-id = Identificación fiscal
label-theme = Apariencia
label-time-zone = Zona horaria
label-total = Total
label-type = Tipo
label-unit-price = Precio unitario
label-until = Hasta
label-yes = Sí

## Un intervalo de días. $start y $end son fechas con formato.
label-span = { $start }{ "\u00A0" }– { $end }

## Cada cuánto se factura
interval-day =
    { $count ->
        [one] diario
       *[other] cada { $count } días
    }
interval-week =
    { $count ->
        [one] semanal
       *[other] cada { $count } semanas
    }
interval-month =
    { $count ->
        [one] mensual
       *[other] cada { $count } meses
    }
interval-year =
    { $count ->
        [one] anual
       *[other] cada { $count } años
    }

## Formularios
form-errors-title =
    { $count ->
        [one] Hay un dato que debe revisar
       *[other] Hay { $count } datos que debe revisar
    }
notice-saved = Los cambios se han guardado.
form-working = Procesando…

## Navegación
nav-overview = Resumen
nav-invoices = Facturas
nav-payments = Pagos
nav-balance = Saldo
nav-entitlements = Derechos de uso
nav-subscriptions = Suscripciones
nav-contracts = Contratos
nav-payment-methods = Métodos de pago
nav-profile = Perfil
nav-billing-information = Datos de facturación
nav-security = Seguridad
nav-help = Ayuda

## Apariencia
theme-auto = Igual que el dispositivo
theme-light = Claro
theme-dark = Oscuro

## Estados de una factura
status-draft = Borrador
status-open = Pendiente
status-partially-paid = Pagada en parte
status-overdue = Vencida
status-paid = Pagada
status-void = Anulada
status-uncollectible = Incobrable
instalment-state-paid = Pagado
instalment-state-overdue = Vencido
instalment-state-due = Vence hoy
instalment-state-upcoming = Más adelante
instalment-state-closed = No se espera

## Estados de un pago o reembolso
payment-status-processing = En proceso
payment-status-succeeded = Completado
payment-status-failed = Fallido
payment-status-cancelled = Cancelado

## Pago y reembolso
payment-kind-payment = Pago
payment-kind-refund = Reembolso
payment-kind-dispute = Contracargo

## Formas de pago
method-card = Tarjeta
method-bank-transfer = Transferencia bancaria
method-bank-account = Cuenta bancaria
method-direct-debit = Domiciliación bancaria
method-paypal = PayPal
method-cash = Efectivo
method-check = Cheque
method-other = Otro

## Estados de una suscripción
subscription-status-pending = Empieza más tarde
subscription-status-trialing = De prueba
subscription-status-active = Activa
subscription-status-past-due = Con pago atrasado
subscription-status-paused = En pausa
subscription-status-cancelled = Cancelada

## Estados de un contrato
contract-status-draft = Borrador
contract-status-active = Vigente
contract-status-paused = En pausa
contract-status-expired = Finalizado
contract-status-disputed = En disputa

## Estados y clases de un derecho de uso
entitlement-status-active = Activo
entitlement-status-inactive = Inactivo
entitlement-status-expired = Caducado
entitlement-kind-feature = Función
entitlement-kind-quantity = Cantidad
entitlement-kind-credits = Créditos

## Estados de una nota de crédito
credit-note-status-issued = Emitida
credit-note-status-void = Anulada

## Roles de un contacto
role-owner = Titular
role-billing = Facturación
role-viewer = Solo lectura

## Tables to download
export-truncated = Hay más filas de las que caben en un archivo. Acote los filtros para obtener el resto.
