# El libro mayor, para el personal.

nav-ledger = Libro mayor
ledger-subtitle = El saldo de cada cuenta, sumando todos los clientes
ledger-table = Cuentas en { $currency }
ledger-account = Cuenta
ledger-receivable = Adeudado por los clientes
ledger-in-credit = A favor de los clientes
ledger-account-customer = Clientes
ledger-account-customer-text = Lo que deben los clientes y lo que tienen a su favor
ledger-account-sales = Facturado
ledger-account-sales-text = Facturas en vigor
ledger-account-credit-notes = Notas de crédito
ledger-account-credit-notes-text = Lo rectificado de las facturas
ledger-account-recorded = Pagos registrados
ledger-account-recorded-text = Dinero recibido, menos reembolsos
ledger-account-vouchers = Vales
ledger-account-vouchers-text = Lo que los vales dieron a los clientes
ledger-account-paid-elsewhere = Pagado por otra vía
ledger-account-paid-elsewhere-text = Lo que las facturas indican como pagado, sin un pago
ledger-account-write-offs = Incobrables
ledger-account-write-offs-text = Lo que quedó sin pagar de las facturas que se dieron por perdidas
ledger-sum = Suma
ledger-empty-title = Aún no hay asientos
ledger-empty-text = Con la primera factura o el primer pago aparecerán aquí las cuentas.
ledger-customer-owes = Importe que el cliente adeuda
ledger-customer-in-credit = A favor del cliente
ledger-customer-empty-text = Las facturas, los pagos y las notas de crédito aparecerán aquí con el saldo tras cada movimiento.
