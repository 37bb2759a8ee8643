# Pagar una factura con un enlace, sin iniciar sesión: lo que lee quien lo sigue.

pay-link-title = Factura { $number }
pay-link-subtitle = Puede pagarla aquí a { $brand }, sin iniciar sesión.
pay-link-lines = Conceptos
pay-link-more = La factura tiene más líneas.
pay-link-submit = Pagar { $amount }
pay-link-next = { $amount }, lo que toca ahora
pay-link-all = { $amount }, todo lo que queda
pay-link-fault-changed = El importe pendiente ha cambiado mientras tanto. Compruébelo y pague si es correcto.
pay-link-invoice = Factura
pay-link-paid = Hemos recibido { $amount }. No tiene que hacer nada más.
pay-link-back = Volver a la factura
pay-link-over-title = Este enlace no se puede usar
pay-link-over-text = Puede que haya caducado, que ya no quede nada por pagar o que falte una parte de la dirección.
pay-link-over-ask = Pida a { $brand } un enlace nuevo, o inicie sesión para ver sus facturas.
