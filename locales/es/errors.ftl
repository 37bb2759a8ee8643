# Páginas de error. Dicen cómo seguir, nunca qué ha fallado por dentro.

error-bad-request-title = No se ha podido leer la petición
error-bad-request-text = Hay algo en la dirección o en el formulario que no es correcto. Vuelva atrás e inténtelo de nuevo.
error-broken-title = Algo ha salido mal
error-broken-text = El fallo es nuestro y ha quedado registrado. Inténtelo de nuevo más tarde.
error-forbidden-title = No puede abrir esta página
error-forbidden-text = Su rol no incluye esta página. Puede cambiarlo alguien que gestione los roles.
error-forged-title = Envíe el formulario de nuevo
error-forged-text = El formulario ha estado abierto demasiado tiempo o no procede de este sitio. No se ha cambiado nada. Vuelva atrás, recargue la página y envíelo otra vez.
error-method-not-allowed-title = Esta dirección no admite esa acción
error-method-not-allowed-text = La página existe, pero no para este tipo de petición. Vuelva atrás e inténtelo de nuevo.
error-not-found-title = Página no encontrada
error-not-found-text = No hay nada en esta dirección, o nada que usted pueda ver. Compruebe la dirección o empiece por la página de inicio.
error-too-large-title = Es demasiado grande
error-too-large-text = Lo enviado supera el tamaño que se admite aquí. Envíe menos datos cada vez.
error-too-many-title = Demasiados intentos
error-too-many-text =
    { $minutes ->
        [one] Espere un minuto e inténtelo de nuevo.
       *[other] Espere { $minutes } minutos e inténtelo de nuevo.
    }
error-too-slow-title = Ha tardado demasiado
error-too-slow-text = La petición no ha llegado a tiempo. Compruebe su conexión e inténtelo de nuevo.
error-unavailable-title = Volvemos enseguida
error-unavailable-text = Una parte del sistema no responde en este momento. No se ha perdido nada. Inténtelo de nuevo dentro de poco.
error-unknown-host-title = No hay ningún portal en esta dirección
error-unknown-host-text = Compruebe que la dirección esté bien escrita o use el enlace que ha recibido.
error-unsupported-type-title = Este tipo de datos no se admite
error-unsupported-type-text = Lo enviado no está en un formato que esta página pueda leer. Vuelva atrás e inténtelo de nuevo.

error-reference-html = Referencia para nuestro servicio de ayuda: <code>{ $reference }</code>
error-to-start = Ir a la página de inicio
error-try-again = Intentar de nuevo
