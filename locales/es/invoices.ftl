# Facturas y notas de crédito, y lo que todas las listas dicen de sus filtros.

## La lista
invoices-subtitle = Todo lo que se le ha facturado
invoices-table = Facturas
invoices-id = N.º de factura
invoices-generated-on = Generada el

## Sus columnas
invoices-column-id = N.º de factura
invoices-column-status = Estado
invoices-column-total = Total
invoices-column-due-date = Vencimiento
invoices-column-amount-due = Por pagar
invoices-column-period = Periodo
invoices-column-generated-on = Generada el

## Su búsqueda y lo que se puede hacer
invoices-search = Buscar por n.º de factura
invoices-issued-from = Emitida desde
invoices-issued-until = Emitida hasta
invoices-download-zip = Descargar en ZIP
invoices-empty-title = Aún no hay facturas
invoices-empty-text = Sus facturas aparecerán aquí en cuanto se emitan.
invoices-none-found-title = No se han encontrado facturas

## Una factura
invoices-one = Factura { $number }
invoices-issued = Emitida el { $date }
invoices-issue-date = Fecha de emisión
invoices-overdue-since = Esta factura venció el { $date }. Quedan { $amount } por pagar.
invoices-instalment-overdue = Un plazo de esta factura venció el { $date }. Ya deberían estar pagados { $amount }.
invoices-void-text = Esta factura se ha anulado. No hay nada que pagar.
invoices-details = Datos
invoices-summary = Resumen
invoices-purchase-order = Orden de compra
invoices-prepaid = Pagado por adelantado
invoices-credited = Abonado
invoices-remaining = Queda por pagar
invoices-lines = Conceptos
invoices-taxes = Impuestos
invoices-taxable = Base imponible
invoices-how-to-pay = Cómo pagar
invoices-means = Medio de pago
invoices-account-name = Titular de la cuenta
invoices-terms = Condiciones de pago
invoices-settled-by = Pagos y abonos
invoices-instalments = Plazos de pago
invoices-instalment-due = Vence el { $date }
invoices-instalment-open = Quedan { $amount } por pagar
invoices-by-voucher = Vale { $serial }
invoices-by-a-voucher = Vale
invoices-from = De
invoices-to = Facturado a

## Notas de crédito
credit-notes-one = Nota de crédito { $number }
credit-notes-issued = Emitida el { $date }
credit-notes-issue-date = Fecha de emisión
credit-notes-details = Datos
credit-notes-summary = Resumen
credit-notes-reason = Motivo
credit-notes-free = Sin factura asociada

## Filtros de todas las listas
list-none-found-text = Nada coincide con su búsqueda y sus filtros. Cámbielos o bórrelos para verlo todo.
filter-fault-day = Una de las fechas no se ha podido interpretar y se ha omitido. Escríbala como año-mes-día, por ejemplo 2026-11-21.
filter-fault-days-order = La primera fecha es posterior a la última, así que no puede encontrarse nada.
filter-fault-amount = Uno de los importes no se ha podido interpretar y se ha omitido. Escríbalo como un número sencillo, por ejemplo 1250,00.

## Avisos
notice-nothing-selected = Seleccione primero al menos una factura.
notice-too-many-selected = Una descarga admite como máximo 100 facturas. Seleccione menos.
