# Los vales en el panel de control.

vouchers-batches-subtitle = Códigos que abonan crédito a quien los canjea, creados por lotes
vouchers-batches-table = Lotes de vales
vouchers-batches-empty-title = Aún no hay vales
vouchers-batches-empty-text = Cree un lote, descargue sus códigos e imprímalos o envíelos. Aquí verá qué ha sido de cada vale.
vouchers-batches-no-more = No hay lotes más antiguos
vouchers-search = Número de serie o serie
vouchers-missed = No hay ningún vale con el número de serie { $name } ni ningún lote con esta serie.
vouchers-newest = Más recientes
vouchers-older = Más antiguos
vouchers-first = Primera página
vouchers-series = Serie
vouchers-made-on = Creado
vouchers-never = Nunca
vouchers-not-yet = Todavía no
vouchers-without-end = Sin límite
vouchers-state-redeemed = Canjeados
vouchers-of-count = { $redeemed } de { $count }
vouchers-out-of = de { $count }
vouchers-days =
    { $count ->
        [one] Un día
       *[other] { $count } días
    }

## Estados de un lote
vouchers-batch-live = En uso
vouchers-batch-unexported = Códigos sin descargar
vouchers-batch-spent = Todos canjeados
vouchers-batch-expired = Caducado
vouchers-batch-void = Anulado

## Un lote
vouchers-batch = Lote
vouchers-count = Vales
vouchers-by-state = Vales por estado
vouchers-tab = { $state } ({ $count })
vouchers-of-batch = Vales de { $series }
vouchers-redeemed-by = Canjeado por
vouchers-exported-on = Códigos descargados
vouchers-voided-on = Anulado
vouchers-none-found-title = No hay vales así
vouchers-none-found-text = Ninguno de este lote está en este estado.
vouchers-history = Historial
vouchers-show-all = Mostrar todos
vouchers-unexported-title = Los códigos de este lote todavía no se han descargado
vouchers-unexported-text = Solo pueden descargarse una vez. Hasta entonces nadie los conoce y nadie puede canjearlos.

## Un lote nuevo
vouchers-new = Nuevo lote
vouchers-new-text = Todos los vales de un lote aportan lo mismo. Después no puede cambiarse.
vouchers-batch-hint = Cuántos vales y cómo se llaman.
vouchers-series-hint = Los números de serie empiezan así. Letras de la A a la Z y cifras, por ejemplo VERANO26.
vouchers-count-hint = Como máximo 10 000. Cada uno se canjea una vez.
vouchers-expires-hint = El último día en que pueden canjearse. Vacío si no caducan.
vouchers-credit = Crédito
vouchers-credit-hint = Al momento o junto con un pago.
vouchers-kind = Tipo
vouchers-kind-free-hint = El importe se abona en cuanto se canjea el vale.
vouchers-kind-additional-hint = El importe se abona con el próximo pago que sea suficiente.
vouchers-kind-multiplied-hint = Una parte del próximo pago que sea suficiente, más el importe si se indica uno.
vouchers-amount-hint = Lo que abona cada vale.
vouchers-percent = Parte del pago en tanto por ciento
vouchers-percent-hint = Por ejemplo, 25 o 12,5.
vouchers-ceiling = Crédito máximo
vouchers-ceiling-hint = Vacío si no hay límite.
vouchers-minimum = Pago mínimo
vouchers-minimum-hint = Con pagos menores el vale sigue esperando.
vouchers-wait-days = Días de espera del pago
vouchers-wait-days-hint = Desde el día en que se canjea. Vacío si es sin límite.
vouchers-note = Nota
vouchers-note-hint = Solo para su personal: para qué es el lote.
vouchers-make = Crear lote
vouchers-fault-percent = No es un porcentaje válido aquí. Por ejemplo, 25 o 12,5.
vouchers-fault-past = Ese día ya ha pasado. Elija uno posterior.
notice-vouchers-made = El lote se ha creado.

## Los códigos
vouchers-codes = Descargar códigos
vouchers-codes-title = ¿Descargar los códigos de { $series }?
vouchers-codes-once = Los códigos pueden descargarse solo esta vez. Después nadie podrá volver a leerlos, tampoco aquí.
vouchers-codes-text =
    { $count ->
        [one] El archivo es una tabla con el número de serie y el código de un vale. Guárdelo como si fuera dinero en efectivo. El registro de auditoría indica quién lo ha descargado. Si el archivo se pierde, anule el lote y cree otro.
       *[other] El archivo es una tabla con los números de serie y los códigos de { $count } vales. Guárdelo como si fuera dinero en efectivo. El registro de auditoría indica quién lo ha descargado. Si el archivo se pierde, anule el lote y cree otro.
    }
vouchers-back = Volver al lote

## Anular
vouchers-void-batch = Anular el lote
vouchers-void-batch-title = ¿Anular el lote { $series }?
vouchers-void-batch-text = Nadie podrá canjear ya sus códigos, y los que esperan un pago no abonarán nada. No se puede deshacer.
vouchers-void-unused = Sin usar: se anulan
vouchers-void-waiting = En espera de un pago: se anulan
vouchers-void-kept = Canjeados: quedan como están
vouchers-void-one = Anular
vouchers-void-title = ¿Anular el vale { $serial }?
vouchers-void-text = Nadie podrá canjear ya su código. No se puede deshacer.
vouchers-void-waiting-text = El cliente que lo canjeó no recibirá ningún crédito por él. No se puede deshacer.
notice-vouchers-voided = El vale está anulado.
notice-vouchers-batch-voided = El lote está anulado.

## Un vale
vouchers-waits-until-label = Espera hasta
vouchers-credited-on = Abonado el
vouchers-payment = Pago
vouchers-payment-view = Ver el pago
