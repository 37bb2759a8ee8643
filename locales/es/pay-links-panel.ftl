# Enlaces para pagar una factura, para el personal.

pay-links = Enlaces de pago
pay-links-make = Crear enlace de pago
pay-links-text = Quien tenga el enlace puede ver esta factura y pagarla, sin iniciar sesión. Sirve mientras quede algo por pagar.
pay-links-life = Días que sirve
pay-links-life-hint = De 1 a 365.
pay-links-mail = Enviarlo por correo
pay-links-mail-hint = A quienes reciben las facturas del cliente, en su idioma.
pay-links-nobody = Nadie de este cliente tiene una dirección de correo.
pay-links-refused = No queda nada por pagar de esta factura, o ya tiene 20 enlaces vigentes.
pay-links-made-title = Enlace de pago creado
pay-links-mailed =
    { $count ->
        [one] Va de camino a una dirección.
       *[other] Va de camino a { $count } direcciones.
    }
pay-links-once = El enlace se muestra aquí una sola vez. Cópielo ahora: no guardamos nada con lo que se pueda volver a mostrar.
pay-links-address = Enlace de pago
pay-links-until = Sirve hasta el { $time }.
pay-links-kept = Ya lo he copiado
pay-links-ends = Termina
pay-links-revoke = Desactivar
pay-link-state-live = Vigente
pay-link-state-done = Nada pendiente
pay-link-state-expired = Caducado
pay-link-state-revoked = Desactivado
notice-pay-link-revoked = El enlace está desactivado. Ya nadie puede pagar con él.
