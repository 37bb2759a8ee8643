# Suscripciones.

subscriptions-subtitle = Los planes que tiene contratados
subscriptions-table = Suscripciones
subscriptions-search = Buscar por plan
subscriptions-price = { $price } · { $interval }
subscriptions-interval = Facturación
subscriptions-current-period = Periodo actual
subscriptions-started-on = Inicio
subscriptions-ended-on = Finalizó el
subscriptions-trial-ends-on = Fin de la prueba
subscriptions-details = Datos
subscriptions-parts = Componentes
subscriptions-payment-method = Método de pago
subscriptions-payment-method-default = Se cobra en su método de pago predeterminado.
subscriptions-payment-methods-view = Ver métodos de pago
subscriptions-past-due-text = Hay un pago atrasado de esta suscripción. Revise sus facturas abiertas.
subscriptions-trial-text = Está en periodo de prueba hasta el { $date }.
subscriptions-cancels-text = Esta suscripción finalizará el { $date }.
subscriptions-empty-title = No hay suscripciones
subscriptions-empty-text = Los planes que contrate aparecerán aquí.
subscriptions-none-found-title = No se han encontrado suscripciones
