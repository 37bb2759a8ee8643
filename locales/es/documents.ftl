# Words on PDF documents.

## Headings
documents-invoice = Factura
documents-credit-note = Nota de crédito
documents-receipt = Recibo
documents-refund-receipt = Recibo de reembolso

## Who
documents-from = De
documents-bill-to = Facturar a
documents-issued-to = Emitido a
documents-tax-id = ID fiscal

## Facts
documents-issued-on = Fecha de emisión
documents-due-on = Vencimiento
documents-period = Período facturado
documents-purchase-order = Orden de compra
documents-corrects = Factura corregida
documents-reason = Motivo

## Lines
documents-description = Descripción
documents-quantity = Cantidad
documents-unit-price = Precio unitario
documents-tax = Impuesto
documents-amount = Importe

## Totals
documents-subtotal = Subtotal
documents-lines-total = Suma de líneas
# Between the rate of a tax and what it is taken of: "VAT 21% of €100.00".
documents-tax-of = de
documents-total = Total
documents-paid = Pagado
documents-prepaid = Pagado por anticipado
documents-credited = Abonado
documents-amount-due = Importe pendiente
documents-remaining = Queda por pagar
documents-instalments = Plazos de pago
documents-instalment-open = Queda por pagar
documents-amount-credited = Importe abonado
documents-amount-paid = Importe pagado
documents-amount-refunded = Importe reembolsado

## Stamps
documents-stamp-paid = Pagada
documents-stamp-void = Anulada
documents-stamp-draft = Borrador

## How to pay
documents-how-to-pay = Cómo pagar
documents-iban = IBAN
documents-bic = BIC
documents-account-name = Titular de la cuenta
documents-payment-reference = Referencia
documents-payment-terms = Condiciones
documents-notes = Notas

## Receipts
documents-paid-on = Fecha
documents-method = Medio de pago
documents-settled = Aplicado a
documents-invoice-number = Factura
documents-invoice-date = Fecha de factura
documents-unallocated = Sin aplicar a una factura

## Estados de cuenta
documents-statement = Estado de cuenta
documents-statement-period = Período
documents-statement-until = Hasta
documents-currency = Moneda
documents-amount-owed = Importe adeudado
documents-in-your-favour = A su favor
documents-balance = Saldo
documents-day = Fecha
documents-movement = Movimiento
documents-charges = Cargos
documents-payments = Pagos
documents-opening-balance = Saldo inicial
documents-closing-balance = Saldo final
# Como en «Facturas abiertas a 31 de mayo de 2026».
documents-ageing = Facturas abiertas a
documents-overdue-by = Días de retraso
documents-invoices = Facturas
documents-age-current = Sin vencer
documents-age-to-30 = De 1 a 30 días
documents-age-to-60 = De 31 a 60 días
documents-age-to-90 = De 61 a 90 días
documents-age-older = Más de 90 días
documents-due-in-all = Total pendiente
documents-credit-left = Pagado, sin aplicar a una factura

## Foot of the page
# As in "Page 1 / 3".
documents-page = Página
