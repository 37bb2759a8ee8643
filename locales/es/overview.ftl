# La primera página.

overview-welcome = Hola, { $name }
overview-subtitle = Su cuenta de un vistazo
overview-overdue =
    { $count ->
        [one] Hay una factura vencida: { $amount }
       *[other] Hay { $count } facturas vencidas: { $amount } en total
    }
overview-overdue-at-least = Al menos { $count } facturas están vencidas: { $amount } o más en total
overview-overdue-view = Ver facturas vencidas
overview-due = Importe pendiente
overview-due-in = Importe pendiente en { $currency }
overview-due-hint =
    { $count ->
        [one] En una factura abierta
       *[other] En { $count } facturas abiertas
    }
overview-due-nothing = Nada pendiente de pago
overview-due-later = Nada pendiente aún, { $amount } más adelante
overview-due-view = Ver facturas
overview-next-due = Próximo vencimiento
overview-next-due-hint = { $amount } por pagar
overview-next-due-nothing = Ningún pago próximo
overview-balance-in = Saldo en { $currency }
overview-balance-owed = Importe que adeuda
overview-balance-credit = Sin deuda pendiente
overview-balance-view = Ver extracto
overview-available = Disponible
overview-available-hint = Saldo más su límite de crédito
overview-chart-title = Facturado y pagado, últimos doce meses
overview-chart-description = Para cada mes, una barra con lo facturado y otra con lo pagado, menos los reembolsos.
overview-chart-empty-title = Aún no hay actividad
overview-chart-empty-text = Cuando se emitan facturas o lleguen pagos, los verá aquí mes a mes.
overview-invoiced = Facturado
overview-paid = Pagado
overview-recent = Facturas recientes
overview-invoice-due = Vence el { $date }

overview-quiet-title = Le damos la bienvenida
overview-quiet-text = Elija una sección del menú para ver más de su cuenta.
