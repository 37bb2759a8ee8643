# La primera página del panel de control.

home-start-title = Le damos la bienvenida
home-start-text = Todavía no hay clientes. Empiece por aquí:
home-start-customer = Crear el primer cliente
home-start-customer-text = A mano, con sus contactos y una primera factura.
home-start-api = Conectar su sistema de facturación
home-start-api-text = Los clientes, las facturas y los pagos llegan por la API de gestión.
home-open = Por cobrar
home-invoices = Facturas
home-overdue = Vencido
home-overdue-hint =
    { $count ->
        [one] en una factura
       *[other] en { $count } facturas
    }
home-new-customers = Clientes nuevos
home-new-customers-hint = en los últimos 30 días
home-waiting = Esperan aprobación
home-or-more = { $count } o más
home-recent-payments = Últimos pagos registrados
home-no-payments-text = Aquí aparecen los pagos de todos los clientes.
home-newest-customers = Clientes más recientes
