# El saldo y su extracto.

balance-subtitle = Lo que se le ha cargado y lo que ha pagado, movimiento a movimiento
balance-table = Extracto
balance-search = Buscar por número
balance-charges = Cargos
balance-payments = Pagos
balance-movement = Movimiento
balance-in-credit = A su favor
balance-even = No debe nada
balance-limit-credit = Su saldo puede bajar hasta { $amount } por debajo de cero
balance-limit-prepaid = Sin límite de crédito
balance-limit-buffer = Prepago: deben quedar { $amount }
balance-opening = Saldo antes del { $date }
balance-closing = Saldo después del { $date }
balance-pdf = Estado de cuenta en PDF
notice-statement-not-made = Un estado de cuenta en papel admite como máximo 5000 movimientos. Elija menos días, el primero antes del último.
balance-empty-title = Aún no hay movimientos
balance-empty-text = Sus facturas, pagos y notas de crédito aparecerán aquí con el saldo tras cada movimiento.
balance-none-found-title = No se han encontrado movimientos

## Movimientos, seguidos del número del documento
statement-invoice = Factura
statement-invoice-lowered = Corrección de la factura
statement-credit-note = Nota de crédito
statement-credit-note-void = Nota de crédito anulada
statement-payment = Pago
statement-refund = Reembolso
statement-voucher = Vale
statement-paid-before = Pagado antes, factura
statement-paid-before-replaced = Sustituido por un pago, factura
statement-write-off = Condonado, factura
statement-write-off-undone = Ya no condonado, factura
