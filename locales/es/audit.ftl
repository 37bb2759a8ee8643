# El registro de auditoría.

audit-subtitle = Cada cambio con quién, cuándo, desde dónde, antes y después. Nada de él se puede modificar.
audit-when = Cuándo
audit-who-kind = Tipo
audit-who = Quién
audit-who-id = ID de quién
audit-address = Dirección
audit-action = Acción
audit-subject = ID del registro
audit-customer = ID del cliente
audit-field = Campo
audit-before = Antes
audit-after = Después
audit-of-customer = Cliente
audit-changes =
    { $count ->
        [one] Un campo
       *[other] { $count } campos
    }
audit-kind-operator = Operador
audit-kind-api-key = Clave de API
audit-kind-contact = Contacto
audit-kind-system = Sistema
audit-newest = Más recientes
audit-older = Anteriores
audit-none-found-title = No hay tales entradas
audit-empty-title = Aún no se ha cambiado nada
audit-empty-text = Aquí estará cada cambio de operadores, claves de API y contactos.
