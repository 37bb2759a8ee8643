# Los pagos en el panel de control: devueltos, liberados, asignados, confirmados, cancelados; y el dinero que se retiró.

label-reason = Motivo

## Por la pasarela
panel-return-new = Reembolsar al método
panel-return-text = El dinero vuelve a donde vino, por la pasarela de pago. Lo que saldaba se debe otra vez, primero la factura más reciente, salvo que una parte del pago estuviera libre.
panel-return-most = Como máximo { $most }.
panel-return-most-on-top = Como máximo { $most }. De ello, { $extra } se pagaron de más (un recargo) y se devuelven al final.
panel-return-reason-hint = El cliente lee lo que está antes del primer #.
panel-return-go = Continuar
panel-return-sure = Se pide a la pasarela que devuelva este dinero. No se puede deshacer.
panel-return-do = Reembolsar ahora
panel-return-orders = Reembolsos sin terminar
panel-return-order-sent = Se está preguntando a la pasarela
panel-return-order-processing = La pasarela lo está tramitando
panel-return-order-unknown = La pasarela no ha respondido; se le vuelve a preguntar
panel-return-order-failed = No reembolsado
panel-return-differs = No coincide: { $what }
panel-return-mismatch = La pasarela devolvió otra cosa que la pedida
panel-return-mismatch-text = Todavía no se ha contabilizado nada. Compárelo con lo que muestra el proveedor y contabilícelo tal como es.
panel-return-accept = Contabilizar según el proveedor
panel-return-decline-declined = El banco o el proveedor lo rechazó ({ $code })
panel-return-decline-insufficient-funds = No hay fondos suficientes en la cuenta del proveedor ({ $code })
panel-return-decline-expired = La tarjeta ha caducado ({ $code })
panel-return-decline-wrong-details = Los datos del método no son correctos ({ $code })
panel-return-decline-not-authenticated = El banco no lo confirmó ({ $code })
panel-return-decline-customer-needed = El banco necesita al cliente ({ $code })
panel-return-decline-abandoned = No se terminó ({ $code })
panel-return-decline-method-gone = El método ya no existe ({ $code })
panel-return-decline-too-much = Más de lo que se puede reembolsar ({ $code })
panel-return-decline-unavailable = La pasarela no lo aceptó; no se movió nada ({ $code })
notice-return-made = El reembolso se hizo.
notice-return-refused = El reembolso no se hizo. La página dice por qué.
notice-return-under-way = El reembolso está en camino. La página muestra cuándo termina.
notice-return-not-possible = Este pago no se puede reembolsar por una pasarela.
notice-return-accepted = Se contabilizó según el proveedor.

## Dinero retirado
panel-taken = Dinero devuelto por la pasarela
panel-taken-by-refund = Reembolso
panel-taken-by-dispute = Contracargo
panel-taken-back = Volvió
panel-taken-look = Por revisar
panel-taken-ask = Preguntar al proveedor por reembolsos y contracargos
panel-taken-flagged = Se devolvió dinero que nadie de aquí devolvió
panel-taken-flagged-text = Lo retiró un banco o un reembolso no llegó. Revíselo con el proveedor, y lo que el cliente debe ahora.
panel-taken-seen = Lo he revisado
notice-return-seen = Se anotó que se revisó.
notice-return-nothing-new = El proveedor no comunica nada nuevo.
notice-return-found = El proveedor comunicó algo nuevo y se contabilizó.
notice-return-not-told = No se pudo preguntar al proveedor, o comunica algo que no se puede contabilizar.
home-returns-title = Se devolvió dinero que hay que revisar
home-returns-text = Ver contracargos, reembolsos rebotados y lo que no coincide
panel-returns-title = Contracargos y reembolsos por revisar
panel-returns-subtitle = Dinero que los bancos retiraron, reembolsos rebotados y lo que no coincide
panel-returns-odd = Lo que no coincide
panel-returns-taken = Dinero devuelto
panel-returns-older = Anteriores
panel-returns-empty-title = Nada por revisar
panel-returns-empty-text = Los contracargos y los reembolsos que no llegaron aparecerán aquí.

## Al saldo
panel-release-new = Reembolsar al saldo
panel-release-text = El dinero queda aquí como saldo del cliente: lo que el pago saldaba se debe otra vez, y el saldo puede saldar otras facturas. No se mueve dinero y el saldo no cambia. Para eximir al cliente de una factura, emita una nota de crédito.
panel-release-hint = Primero se libera la factura más reciente.
panel-release-nothing = Este pago no salda ninguna factura: todo es ya saldo.
panel-release-do = Convertir en saldo
notice-payment-released = El pago vuelve a ser saldo del cliente.

## Facturas que salda
panel-allocate-new = Asignar
panel-allocate-text = Se pueden asignar { $left }. Deje vacío un campo para retirar el pago de esa factura; lo que sobra es saldo.
panel-allocate-settled = { $settled } saldado por este pago
panel-allocate-settled-due = { $settled } saldado por este pago, { $due } pendiente
panel-allocate-nothing = El cliente no tiene facturas pendientes en esta moneda.
panel-allocate-sure = El pago salda estas facturas y ninguna otra. Las facturas de las que se retira se deben otra vez.
panel-allocate-do = Asignar pago
notice-payment-allocated = El pago se asignó.

## Confirmar, cancelar, dar por perdido
panel-confirm-new = Confirmar cobro
panel-confirm-text = El pago ha llegado. Cuenta desde entonces y salda lo que indique aquí.
panel-confirm-do = Confirmar cobro
notice-payment-confirmed = El pago ya cuenta.
panel-cancel-new = Cancelar pago
panel-cancel-text = El pago nunca llegó o se registró por error. Deja de contar y las facturas que saldaba se deben otra vez. El libro conserva ambos.
panel-cancel-reason-hint = Para el personal.
panel-cancel-do = Cancelar pago
notice-payment-cancelled = El pago se canceló.
panel-write-off-new = Dar por perdida
panel-write-off-text = Lo pendiente de esta factura se da por perdido: el cliente ya no lo debe y el libro lo contabiliza como pérdida. Los pagos posteriores se convierten en saldo.
panel-write-off-reason-hint = Para el personal, en el registro de auditoría.
panel-write-off-refused = De esta factura ya no se debe nada.
panel-write-off-do = Dar la factura por perdida
notice-invoice-written-off = La factura se dio por perdida.
panel-credit-use = Usar saldo
panel-credit-use-text = El cliente tiene { $credit } de saldo a favor. Lo que se use salda esta factura, primero el saldo más antiguo. No se mueve dinero y el saldo de la cuenta no cambia.
panel-credit-use-hint = En { $currency }. Déjelo vacío para usar todo lo que haya o lo que la factura necesite.
panel-credit-use-nothing = No hay nada que saldar
panel-credit-use-nothing-text = El cliente no tiene saldo a favor en esta moneda, o la factura está saldada.
panel-credit-use-do = Usar saldo
panel-credit-there = Saldo a favor del cliente
notice-credit-used = El saldo a favor saldó la factura.

## Lo que no está bien
fault-more-than-left = Debe ser más de 0 y no más de lo que queda.
fault-no-gateway = Este pago no se puede reembolsar por una pasarela. Registre el reembolso.
fault-payment-state = Esto no se puede hacer con el pago tal como está ahora. Ábralo de nuevo para ver cómo está.
fault-settles-too-much = Es más de lo que queda del pago o de lo que se debe de la factura.
