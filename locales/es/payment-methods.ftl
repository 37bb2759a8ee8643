# Métodos de pago.

payment-methods-subtitle = Tarjetas y cuentas en las que puede cobrarse
payment-methods-table = Métodos de pago
payment-methods-search = Buscar métodos de pago
payment-methods-ending = { $name } que termina en { $last4 }
payment-methods-holder = Titular
payment-methods-expired = Caducado
payment-methods-expired-text = Este método de pago ha caducado y ya no puede usarse.
payment-methods-details = Datos
payment-methods-used-by = Se usa para
payment-methods-added-on = Añadido el
payment-methods-safe-text = El número completo lo conserva el proveedor de pagos y nunca se guarda aquí.
payment-methods-empty-title = No hay métodos de pago
payment-methods-empty-text = Las tarjetas y cuentas guardadas para sus pagos aparecerán aquí.
payment-methods-none-found-title = No se han encontrado métodos de pago
