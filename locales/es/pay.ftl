# Pagar en el portal: facturas pendientes, el saldo por adelantado y cómo está un intento de pago.

pay-title = Pagar facturas
pay-due-in-all = En total hay { $amount } pendientes
pay-due-and-remaining = Hay { $due } por pagar ahora, de { $remaining } en total
pay-credit = Tiene { $amount } de crédito. Puede usarlo cuando pague facturas.
pay-left-out = Algunas de las facturas elegidas no aparecen aquí: ya están pagadas o son de otra moneda.
pay-nothing-title = No hay nada pendiente
pay-nothing-text = Todas sus facturas están pagadas.
pay-no-way-title = Aún no se puede pagar en línea
pay-no-way-text = Pague como indican sus facturas o consulte a { $brand }.
pay-look-only-title = Puede consultar, pero no pagar
pay-look-only-text = Pida el pago al titular de la cuenta o a quien se ocupe de las facturas.

## Ways in
pay-invoice = Pagar
pay-selected = Pagar las seleccionadas
pay-what-is-due = Pagar lo pendiente
notice-too-many-to-pay = Se pueden pagar como máximo 100 facturas a la vez. Seleccione menos.

## The form
pay-invoices = Facturas
pay-without-number = Sin número
pay-due-on = Vence el { $date }
pay-of-total = de { $amount }
pay-remaining = quedan { $amount } en total
pay-not-due-yet = Aún no vence
pay-more = Hay más facturas por pagar. Aparecerán aquí cuando estas estén pagadas.
pay-selected-sum = Seleccionado:
pay-how-much = Cuánto de ellas
pay-scope-next = Lo que toca ahora
pay-scope-next-hint = Lo vencido hasta hoy, o el próximo plazo si aún no ha vencido nada.
pay-scope-all = Todo lo que queda
pay-scope-all-hint = También los plazos que vencen más adelante.
pay-other-amount = Otro importe
pay-other-amount-hint = En { $currency }. Déjelo vacío para pagar todo lo seleccionado.
pay-use-credit = Usar primero mi crédito de { $amount }
pay-use-credit-hint = Lo que no cubra se paga como elija más abajo.
pay-use-credit-alone = Aquí no se puede pagar de otra forma, así que debe cubrir todo lo que pague.
pay-by = Pagar con
pay-paid-by = Pagado con
pay-test = Prueba: no se mueve dinero
pay-way-new = { $way }: introducir otros datos
pay-way-silent = { $provider } no responde en este momento. Elija otra forma de pago o inténtelo de nuevo dentro de unos minutos.
pay-surcharge = Recargo: { $surcharge }
pay-surcharge-both = Recargo: { $share } + { $amount }
pay-minimum = Como mínimo { $amount }
pay-minimum-or-due = Como mínimo { $amount }, o todo lo pendiente
pay-maximum = Como máximo { $amount }
pay-keep = Guardar este método para más adelante
pay-keep-hint = Lo guarda { $provider }. Nosotros nunca vemos el número.
pay-submit = Pagar
pay-too-many = Ha intentado pagar demasiadas veces. Puede volver a intentarlo a partir del { $time }.

pay-fault-amount =
    { $decimals ->
        [0] Escriba un importe entero mayor que cero, solo con cifras.
       *[other] Escriba un importe mayor que cero, en cifras y con { $decimals } decimales como máximo.
    }
pay-fault-two-amounts = Ha elegido un importe y ha escrito otro. Deje solo uno de los dos.
pay-fault-no-invoices = Elija al menos una factura.
pay-fault-no-way = Elija cómo quiere pagar.
pay-fault-form = El formulario no estaba completo. Revíselo y envíelo otra vez.
pay-fault-sent-before = Este formulario ya se envió antes con otros datos. Compruebe qué se pagó con él antes de enviarlo otra vez.

## Paying in beforehand
refill-title = Recargar saldo
refill-subtitle = Lo que ingrese se abona a su saldo.
refill-own-amount = Otro importe en { $currency }
refill-own-amount-hint = Solo si ninguno de los importes anteriores le conviene.

## How it stands
pay-title-away = Continúe con su pago
pay-title-waiting = Su pago se está procesando
pay-title-paid = Gracias, hemos recibido su pago
pay-title-failed = Su pago no se ha completado
pay-away-text = El siguiente paso está en las páginas de { $provider }. Después volverá aquí.
pay-waiting-text = { $provider } está tramitando su pago. Suele tardar unos segundos; los cargos bancarios, hasta unos días. No pague otra vez, por favor. Esta página cambia por sí sola y puede cerrarla.
pay-back-text = Estamos esperando a { $provider }, y esta página cambia por sí sola. Si no ha terminado allí, puede continuar: nada se paga dos veces.
pay-paid-invoices = Hemos recibido { $amount } para sus facturas.
pay-paid-refill = Hemos recibido { $amount } y los hemos añadido a su saldo.
pay-failed-text = No se ha cobrado nada
pay-dismissed-text = Este pago no cuenta
pay-way-of = { $way } ({ $provider })
pay-surcharge-label = Recargo
pay-charged = Este pago
pay-credit-used = Saldado además con su crédito
pay-credit-beside = Su crédito salda además, una vez pagado
pay-continue = Continuar en { $provider }
pay-look-again = Mirar otra vez
pay-to-payment = Ir al pago
pay-to-balance = Ir al saldo
pay-to-invoices = Ir a las facturas

## What credit settled
credit-use-title = Gracias, está saldado
credit-use-text = { $amount } de su crédito han saldado sus facturas. No se ha movido dinero.
credit-use-list = Crédito usado para facturas
credit-use-one = Crédito usado el { $date }

## Why it was not paid
decline-declined = El banco ha rechazado el pago. Pruebe otro método o consulte a su banco.
decline-insufficient-funds = No hay fondos suficientes en la cuenta. Pruebe otro método o un importe menor.
decline-expired = La tarjeta ha caducado. Pruebe otro método.
decline-wrong-details = El número, el código de seguridad o el nombre no son correctos. Revíselos y vuelva a intentarlo.
decline-not-authenticated = No se ha superado la comprobación de su banco. Vuelva a intentarlo y confirme el pago con su banco.
decline-customer-needed = Su banco quiere que usted confirme este pago. Vuelva a intentarlo e introduzca los datos de nuevo.
decline-abandoned = El pago se ha cancelado o no se ha terminado a tiempo.
decline-method-gone = El método guardado ya no es válido. Elija otro.
decline-too-much = El importe supera lo que se puede pagar de una vez. Pruebe un importe menor u otro método.
decline-unavailable = No se puede contactar con el proveedor de pago en este momento. Inténtelo más tarde o pague de otra forma.
decline-dismissed = Lo que hemos recibido no corresponde a este pago. Si ha salido dinero de su cuenta y no vuelve en unos días, consúltenos.

## The sandbox
sandbox-title = Sandbox: dinero ficticio
sandbox-money = Pagaría { $amount }.
sandbox-store = Guardaría un método de pago.
sandbox-text = Esta no es una página de pago real. No se mueve dinero ni se pide ninguna tarjeta. Elija qué debe ocurrir.
sandbox-over = Ya se ha elegido.
sandbox-back = Volver al pago
sandbox-choice-pay = Pagar
sandbox-choice-decline = Que se rechace
sandbox-choice-challenge = Que el banco pregunte antes
sandbox-choice-delay = Pagar, pasado un rato
sandbox-choice-lose = Pagar, pero perder la respuesta por un rato
sandbox-choice-cancel = Volver sin pagar
