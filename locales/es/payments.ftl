# Pagos y reembolsos.

payments-subtitle = Lo que ha pagado y lo que se le ha reembolsado
payments-table = Pagos y reembolsos
payments-search = Buscar por referencia o método
payments-settled = Facturas
payments-of-payment = Pago original
payments-empty-title = Aún no hay pagos
payments-empty-text = Sus pagos y reembolsos aparecerán aquí.
payments-none-found-title = No se han encontrado pagos

payments-one-payment = Pago del { $date }
payments-one-refund = Reembolso del { $date }
payments-one-dispute = Contracargo del { $date }
payments-receipt = Descargar recibo
payments-processing-text = Este pago está en camino. Contará en cuanto se reciba.
payments-failed-text = Este pago no se ha completado. No se ha cobrado nada.
refunds-failed-text = Este reembolso no ha llegado y no cuenta. El dinero está de nuevo en su saldo.
refunds-disputed-text = Su banco recuperó este dinero. Lo que había pagado se debe otra vez.
refunds-dispute-won-text = Su banco recuperó este dinero y lo devolvió. El pago cuenta de nuevo.
refunds-returning-text = { $amount } de este pago están en camino de vuelta a usted.
payments-details = Datos
payments-summary = Resumen
payments-refund-of = Reembolso de
payments-refunded = Reembolsado
payments-unallocated = Aún sin aplicar a una factura
payments-settled-invoices = Facturas pagadas
payments-settled-nothing-title = Sin aplicar a una factura
payments-settled-nothing-text = Este pago se suma a su saldo.
payments-refunds = Reembolsos
payments-payer = Pagado por
