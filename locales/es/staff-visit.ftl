# Lo que leen los clientes y el personal cuando el personal mira el portal de un cliente.
staff-banner-label = Vista del personal
staff-banner-title = { $name } está viendo el portal de { $customer }.
staff-banner-looking = No se puede cambiar nada.
staff-banner-acting = Los cambios cuentan como si los hiciera el cliente.
staff-banner-until = La vista termina el { $time } a más tardar.
staff-banner-end = Terminar la vista
staff-visits-title = Visitas de nuestro personal
staff-visit = Personal
staff-visit-looking = Solo lectura
staff-visit-acting = Podía hacer cambios
staff-visit-from = Desde { $time }
staff-visit-until = hasta { $time } a más tardar
